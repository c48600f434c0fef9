package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.longshore.interop.OwnRepo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyCommandsTest extends CommandLineCase {
  @BeforeEach
  void create() throws IOException {
    createRepository();
    Files.createDirectories(tree());
  }

  @Test
  void settingsAreShownWithTheirOrigin() throws IOException {
    OwnRepo.Outcome set =
        repo.tryRun("policy", "set", tree().toString(), "--keep-latest=7", "--add-ignore=*.tmp");
    assertEquals(0, set.status(), set.err());
    assertContains("Setting policy for user@host:" + tree(), set.err());
    String shown = repo.run("policy", "show", tree().toString());
    assertMatches(
        "Policy for user@host:\\S+tree:\n\n.*"
            + "  Annual snapshots: +\\d+ +inherited from \\(global\\)\n.*"
            + "  Latest snapshots: +7 +\\(defined for this target\\)\n.*"
            + "    \\*\\.tmp\n.*",
        shown);
    String json = checkedJson(repo.run("policy", "show", "--json", tree().toString()));
    assertContains("\"keepLatest\":7,\"keepHourly\":48,", json);
    assertContains("\"ignore\":[\"*.tmp\"]", json);
  }

  @Test
  void inheritUnsetsASetting() {
    repo.run("policy", "set", "--global", "--keep-latest=3");
    repo.run("policy", "set", tree().toString(), "--keep-latest=7");
    repo.run("policy", "set", tree().toString(), "--keep-latest=inherit");
    assertContains("\"keepLatest\":3,", repo.run("policy", "show", "--json", tree().toString()));
  }

  @Test
  void ignoredFilesAreLeftOut() throws IOException {
    Files.writeString(tree().resolve("kept"), "x");
    Files.writeString(tree().resolve("left.tmp"), "x");
    repo.run("policy", "set", tree().toString(), "--add-ignore=*.tmp");
    assertEquals("kept\n", repo.run("ls", snapshot().root()));
  }

  @Test
  void compressionIsUsed() throws IOException {
    Files.writeString(tree().resolve("text"), "compress me ".repeat(10_000));
    repo.run("policy", "set", "--global", "--compression=zstd-fastest");
    Created made = snapshot();
    assertContains(" zstd-fastest ", repo.run("content", "list", "-c", "--non-prefixed"));
    assertEquals("compress me ".repeat(10_000), repo.run("show", made.root() + "/text"));
  }

  @Test
  void nonsenseIsRefused() {
    for (String option :
        new String[] {
          "--compression=fast",
          "--splitter=FIXED-3B",
          "--keep-latest=few",
          "--max-file-size=huge",
          "--one-file-system=perhaps"
        }) {
      fails(ExitCode.USAGE, "policy", "set", "--global", option);
    }
    fails(ExitCode.USAGE, "policy", "set", "--global");
    fails(ExitCode.USAGE, "policy", "set", "--keep-latest=3");
    fails(ExitCode.USAGE, "policy", "set", "--global", tree().toString(), "--keep-latest=3");
    fails(ExitCode.USAGE, "policy", "show");
  }

  @Test
  void listNamesTargetsAndDeleteInheritsAgain() throws IOException {
    repo.run("policy", "set", tree().toString(), "--keep-latest=7");
    String list = repo.run("policy", "list");
    assertMatches("[0-9a-f]{32} \\(global\\)\n[0-9a-f]{32} user@host:\\S+tree\n", list);
    String json = checkedJson(repo.run("policy", "list", "--json"));
    assertContains("\"target\":{\"host\":\"host\",\"userName\":\"user\",\"path\":\"", json);
    repo.run("policy", "delete", "-n", tree().toString());
    assertEquals(list, repo.run("policy", "list"), "a dry run deletes nothing");
    repo.run("policy", "delete", tree().toString());
    assertEquals(1, lines(repo.run("policy", "list")));
    fails(ExitCode.NOT_FOUND, "policy", "delete", tree().toString());
  }

  @Test
  void schedulesThatNeverComeAreRefused() {
    String before = repo.run("policy", "export");
    OwnRepo.Outcome refused =
        repo.tryRun("policy", "set", "--global", "--snapshot-time-crontab=0 12 * * *;at noon");
    assertEquals(ExitCode.USAGE.number(), refused.status(), refused.err());
    assertContains("invalid cron expression: at noon", refused.err());
    assertEquals(before, repo.run("policy", "export"));
    repo.run("policy", "set", "--global", "--snapshot-time-crontab=0 12 * * *;@daily # night");
  }

  @Test
  void exportedPoliciesCanBeImported() throws IOException {
    repo.run("policy", "set", tree().toString(), "--keep-latest=7", "--add-ignore=*.tmp");
    String all = checkedJson(repo.run("policy", "export"));
    Path file = folder.resolve("policies.json");
    repo.run("policy", "export", "--to-file=" + file);
    assertEquals(all, Files.readString(file));
    fails(ExitCode.EXISTS, "policy", "export", "--to-file=" + file);
    repo.run("policy", "export", "--to-file=" + file, "--overwrite", tree().toString());
    assertFalse(Files.readString(file).contains("(global)"));

    repo.run("policy", "delete", tree().toString());
    repo.run("policy", "import", "--from-file=" + file);
    assertEquals(all, repo.run("policy", "export"));

    repo.run("policy", "set", "@other", "--keep-latest=1");
    OwnRepo.Outcome back =
        repo.tryRun(
            new ByteArrayInputStream(all.getBytes(StandardCharsets.UTF_8)),
            "policy",
            "import",
            "--delete-other-policies");
    assertEquals(0, back.status(), back.err());
    assertEquals(all, repo.run("policy", "export"));
  }

  @Test
  void importRefusesWhatItDoesNotKnow() throws IOException {
    String before = repo.run("policy", "export");
    Path file =
        Files.writeString(folder.resolve("p.json"), "{\"(global)\":{\"newSetting\":{\"a\":1}}}");
    assertContains("(global)", fails(ExitCode.USAGE, "policy", "import", "--from-file=" + file));
    for (String malformed :
        List.of(
            "",
            "[]",
            "{\"(global)\":",
            "{} {}",
            "{\"(global)\":{\"retention\":7}}",
            "{\"(global)\":{\"scheduling\":{\"cron\":[\"at noon\"]}}}")) {
      Files.writeString(file, malformed);
      failsInOneLine(ExitCode.USAGE, "policy", "import", "--from-file=" + file);
    }
    assertEquals(before, repo.run("policy", "export"));
  }

  @Test
  void whatIsRefusedIsNotAnnounced() {
    // One line that says why, and nothing of what would have been set.
    assertContains(
        "not for single paths",
        fails(ExitCode.USAGE, "policy", "set", "/a/path", "--max-parallel-snapshots=3"));
  }
}
