package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Limits, checks of the store, read-only connections.
class StoreUseCommandsTest extends CommandLineCase {
  private String said(String... command) {
    OwnRepo.Outcome outcome = repo.tryRun(command);
    assertEquals(0, outcome.status(), outcome.err());
    return outcome.err();
  }

  @Test
  void limitsAreSetShownAndTakenAway() throws IOException {
    createRepository("--max-upload-speed=5000000");
    assertEquals(
        """
        Max Download Speed:            (unlimited)
        Max Upload Speed:              5 MB/s
        Max Read Requests Per Second:  (unlimited)
        Max Write Requests Per Second: (unlimited)
        Max List Requests Per Second:  (unlimited)
        Max Concurrent Reads:          (unlimited)
        Max Concurrent Writes:         (unlimited)
        """,
        repo.run("repository", "throttle", "get"));
    assertEquals(
        """
        Setting max download speed to 1 MB/s.
        Setting max upload speed to unlimited.
        Setting reads per second to 2.5.
        Setting concurrent writes to 4.
        """,
        said(
            "repository",
            "throttle",
            "set",
            "--download-bytes-per-second=1e6",
            "--upload-bytes-per-second=-",
            "--read-requests-per-second=2.5",
            "--concurrent-writes=4"));
    assertEquals(
        "{\"readsPerSecond\":2.5,\"maxDownloadSpeedBytesPerSecond\":1000000,\"concurrentWrites\":4}\n",
        checkedJson(repo.run("repository", "throttle", "get", "--json")));
    assertContains(
        "\"throttlingLimits\": {", Files.readString(folder.resolve("home/repository.config")));
    assertEquals("No changes made.\n", said("repository", "throttle", "set"));
    for (String bad :
        List.of("--concurrent-reads=1.5", "--upload-bytes-per-second=-3", "--concurrent-reads=x")) {
      fails(ExitCode.USAGE, "repository", "throttle", "set", bad);
    }
  }

  @Test
  void aLimitIsKept() throws IOException {
    createRepository();
    Files.createDirectories(tree());
    byte[] bytes = new byte[3_000_000];
    new java.util.Random(1).nextBytes(bytes);
    Files.write(tree().resolve("file"), bytes);
    said("repository", "throttle", "set", "--upload-bytes-per-second=1000000");
    long begin = System.nanoTime();
    snapshot();
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertTrue(seconds > 1.9, () -> "3 MB went in " + seconds + " s");
  }

  @Test
  void theStoreOfARepositoryIsTriedOut() throws IOException {
    createRepository();
    String said = said("repository", "validate-provider", "--concurrency-test-duration=300ms");
    assertContains("Opening 4 equivalent storage connections...\n", said);
    assertTrue(said.endsWith("All good.\n"), said);
    try (var files = Files.walk(store())) {
      assertTrue(files.noneMatch(StoreUseCommandsTest::isLeft));
    }
    fails(ExitCode.USAGE, "repository", "validate-provider", "--num-storage-connections=0");
  }

  /// Folders stay, as after any deletion.
  private static boolean isLeft(Path file) {
    return file.toString().contains("/z") && Files.isRegularFile(file);
  }

  @Test
  void nothingIsWrittenOnAReadOnlyConnection() throws IOException {
    createRepository();
    SampleTree.make(tree(), 2, 200_000);
    Created made = snapshot();
    assertEquals(
        "Setting repository to read-only mode.\nSetting description to a copy\n",
        said("repository", "set-client", "--read-only", "--description=a copy"));
    String[][] writing = {
      {"snapshot", "create", tree().toString()},
      {"snapshot", "delete", "--delete", made.id()},
      {"policy", "set", "--global", "--keep-latest=3"},
      {"policy", "delete", "--global"},
      {"maintenance", "run", "--full"},
      {"maintenance", "set", "--pause-quick=24h"},
      {"blob", "delete", "--dangerous-commands=enabled", "p0123"},
      {"content", "rewrite", "--short", "--dangerous-commands=enabled", "--safety=none"},
      {"index", "optimize", "--dangerous-commands=enabled"},
      {"manifest", "delete", "--dangerous-commands=enabled", made.id()},
      {"repository", "set-parameters", "--max-pack-size-mb=30"},
      {"repository", "change-password", "--new-password=other"},
      {"repository", "validate-provider"},
    };
    var before = SampleTree.describe(store());
    for (String[] command : writing) {
      OwnRepo.Outcome outcome = repo.tryRun(command);
      String what = String.join(" ", command) + ": " + outcome.err();
      if (outcome.status() != ExitCode.USAGE.number()) {
        assertEquals(ExitCode.UNSUPPORTED.number(), outcome.status(), what);
        assertTrue(outcome.err().contains("read-only"), what);
      } else {
        assertEquals("", what);
      }
    }
    assertEquals(before, SampleTree.describe(store()));
    Path copy = folder.resolve("copy");
    said("repository", "sync-to", "filesystem", "--path=" + copy);
    repo.run("snapshot", "verify");
    said("repository", "set-client", "--read-write");
    snapshot();
    assertEquals(
        ExitCode.FAILED.number(), repo.tryRun("repository", "set-client", "--read-write").status());
    fails(ExitCode.USAGE, "repository", "set-client", "--read-write", "--read-only");
  }
}
