package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Command lines written for Kopia.
class KopiaOptionsTest extends CommandLineCase {
  @Test
  void optionsThatMeanNothingHereAreTakenBeforeAndAfterTheCommand() throws IOException {
    createRepository();
    Files.createDirectories(tree());
    List<String> ignored =
        List.of(
            "--log-dir=/nowhere",
            "--log-file=/nowhere/log",
            "--log-level=error",
            "--file-log-level=debug",
            "--no-use-keyring",
            "--disable-file-logging",
            "--disable-content-log",
            "--disable-repository-log",
            "--progress-estimation-type=rough",
            "--error-notifications=never",
            "--upgrade-no-block",
            "--json-indent",
            "--json-verbose");
    var before = new java.util.ArrayList<>(ignored);
    before.addAll(List.of("snapshot", "list", "--json"));
    assertEquals(0, repo.tryRun(before.toArray(String[]::new)).status());
    var after = new java.util.ArrayList<>(List.of("snapshot", "create", tree().toString()));
    after.addAll(ignored);
    after.addAll(
        List.of(
            "--force-enable-actions",
            "--force-disable-actions",
            "--log-dir-detail=3",
            "--log-entry-detail=5",
            "--flush-per-source"));
    snapshot(repo.tryRun(after.toArray(String[]::new)));
    repo.run("snapshot", "verify", "--file-parallelism=2", "--file-queue-length=3");
    repo.run("content", "verify", "--progress-interval=1s");
  }

  @Test
  void dangerIsAcceptedBeforeTheCommand() throws IOException {
    createRepository();
    assertTrue(
        fails(ExitCode.USAGE, "index", "recover", "--commit").contains("--dangerous-commands"));
    repo.run("--dangerous-commands=enabled", "index", "recover", "--commit");
    repo.run("index", "recover", "--commit", "--advanced-commands=enabled");
  }

  @Test
  void helpIsACommandToo() {
    assertEquals(repo.run("snapshot", "list", "--help"), repo.run("help", "snapshot", "list"));
    assertEquals(repo.run("--help"), repo.run("help"));
  }
}
