package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Two programs write one repository at the same time: nothing of either is lost.
class TwoWritersTest extends CommandLineCase {
  private static final int ROUNDS = Integer.getInteger("longshore.writer.rounds", 3);
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]+)\"");

  @Test
  void nothingIsLost() throws IOException, InterruptedException {
    createRepository();
    List<OwnRepo> writers = new ArrayList<>();
    List<Path> trees = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      OwnRepo writer = new OwnRepo(Files.createDirectories(folder.resolve("home-" + i)), PASSWORD);
      writer.connect(store());
      writers.add(writer);
      trees.add(folder.resolve("tree-" + i));
      SampleTree.make(trees.get(i), 100L + i, 4 << 20);
    }
    // Half of what both write is the same.
    for (int i = 0; i < 2; i++) {
      SampleTree.make(trees.get(i).resolve("shared"), 99, 2 << 20);
    }
    Set<String> made = new TreeSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      List<ChildProgram> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        running.add(
            new ChildProgram(
                writers.get(i),
                folder.resolve("log-" + i),
                "snapshot",
                "create",
                trees.get(i).toString()));
      }
      for (ChildProgram writer : running) {
        int status = writer.await();
        made.add(snapshot(new OwnRepo.Outcome(status, "", writer.printed(), new byte[0])).id());
      }
      for (int i = 0; i < 2; i++) {
        Path shared = trees.get(i).resolve("shared");
        Files.write(shared.resolve("round"), new byte[100_000 * (round + 1)]);
        Files.writeString(trees.get(i).resolve("own"), "writer " + i + " round " + round);
      }
    }
    Set<String> listed = new TreeSet<>();
    ID.matcher(repo.run("snapshot", "list", "--json"))
        .results()
        .forEach(found -> listed.add(found.group(1)));
    assertEquals(made, listed);
    assertEquals(2 * ROUNDS, listed.size());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    repo.run("content", "verify", "--full");
    assertEquals("", repo.run("session", "list"));
  }
}
