package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.Kopia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// Smaller promises, beside the real Kopia: lists print the same, and each takes the other's
/// shallow trees for the whole.
@EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
class ListAndShallowIT {
  private static final String PASSWORD = "interop";
  private static final Pattern ROOT = Pattern.compile("with root (\\S+) and ID (\\S+)");

  @TempDir Path folder;

  private Kopia kopia;
  private OwnRepo repo;
  private Path tree;

  @BeforeEach
  void create() throws IOException {
    kopia = new Kopia(folder.resolve("kopia-home"), PASSWORD);
    repo = new OwnRepo(Files.createDirectories(folder.resolve("own-home")), PASSWORD);
    tree = folder.resolve("tree");
    SampleTree.make(tree, 3, 1 << 20);
    kopia.create(folder.resolve("store"), List.of());
    repo.connect(folder.resolve("store"));
    repo.run("policy", "set", "--global", "--compression=zstd");
  }

  private String ours(Path source) {
    return root(repo.tryRun("snapshot", "create", source.toString()).err());
  }

  private String theirs(Path source) throws IOException {
    return root(kopia.tryRun("snapshot", "create", source.toString()).err());
  }

  private static String root(String err) {
    Matcher found = ROOT.matcher(err);
    assertTrue(found.find(), err);
    return found.group(1);
  }

  @Test
  void listsWithStorageStatisticsAreTheSame() throws IOException {
    theirs(tree);
    SampleTree.change(tree, 1);
    ours(tree);
    ours(tree.resolve("..").resolve("tree").normalize());
    for (String[] options :
        new String[][] {
          {"--storage-stats"},
          {"--storage-stats", "--show-identical", "--reverse"},
          {"--storage-stats", "--json"}
        }) {
      String[] command = new String[options.length + 4];
      System.arraycopy(
          new String[] {"--timezone=utc", "snapshot", "list", tree.toString()}, 0, command, 0, 4);
      System.arraycopy(options, 0, command, 4, options.length);
      assertEquals(kopia.run(command), repo.run(command), String.join(" ", command));
    }
  }

  @Test
  void shallowTreesStandForTheWhole() throws IOException {
    String root = ours(tree);
    Path byKopia = folder.resolve("by-kopia");
    Path byUs = folder.resolve("by-us");
    kopia.run("restore", "--shallow=0", "--shallow-minsize=0", root, byKopia.toString());
    repo.run("restore", "--shallow=0", "--shallow-minsize=0", root, byUs.toString());
    // What Kopia restores in full, symbolic links, gets times to the microsecond only.
    assertEquals(theirs(byKopia), ours(byKopia));
    assertEquals(root, theirs(byUs));
    assertEquals(root, ours(byUs));
  }
}
