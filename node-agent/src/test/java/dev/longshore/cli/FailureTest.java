package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// What users see when something is wrong.
class FailureTest extends CommandLineCase {
  @Test
  void badCommandLinesAreNotUnderstood() {
    fails(ExitCode.USAGE, "--no-such-option");
    fails(ExitCode.USAGE, "status", "--no-such-option");
    fails(ExitCode.USAGE, "no-such-command");
    assertContains("'user'", fails(ExitCode.USAGE, "user", "list"));
    fails(ExitCode.USAGE);
    fails(ExitCode.USAGE, "snapshot");
    fails(ExitCode.USAGE, "repository", "create", "filesystem");
    fails(ExitCode.USAGE, "snapshot", "verify", "--verify-files-percent=many");
    fails(ExitCode.USAGE, "restore");
    assertContains("--help", fails(ExitCode.USAGE, "snapshot", "list", "--jsno"));
  }

  @Test
  void everyCommandSaysThatNothingIsConnected() {
    for (String command :
        new String[] {
          "status",
          "snapshot list",
          "snapshot create .",
          "snapshot verify",
          "restore k0 target",
          "policy list",
          "content list",
          "blob list",
          "index list",
          "manifest list",
          "session list",
          "maintenance info",
          "cache info"
        }) {
      failsInOneLine(ExitCode.NOT_FOUND, command.split(" ", -1));
    }
  }

  @Test
  void missingFilesAreCalledMissing() {
    createRepository();
    OwnRepo.Outcome create = repo.tryRun("snapshot", "create", folder + "/missing");
    assertEquals(ExitCode.FAILED.number(), create.status());
    assertContains(folder + "/missing: no such file or directory", create.err());
    OwnRepo.Outcome connect =
        repo.tryRun("snapshot", "list", "--config-file=" + store() + "/kopia.repository.f/c");
    assertContains("Not a directory", connect.err());
  }

  @Test
  void readerWhoGoesAwayEndsTheCommandInSilence() {
    createRepository();
    for (String command : new String[] {"status", "--help"}) {
      OwnRepo.Outcome outcome = repo.tryRunTo(output("Broken pipe"), command);
      assertEquals(ExitCode.READER_GONE.number(), outcome.status(), outcome.err());
      assertEquals("", outcome.err());
    }
  }

  /// A standard output that takes nothing.
  private static OutputStream output(String fault) {
    return new StandardOutput(
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(fault);
          }
        });
  }

  @Test
  void pathThatIsNoneIsTheUsersMistake() {
    createRepository();
    assertContains("not a path", failsInOneLine(ExitCode.USAGE, "snapshot", "list", "a\0b"));
  }

  @Test
  void fullDiskBehindStandardOutputIsTold() {
    createRepository();
    OwnRepo.Outcome outcome = repo.tryRunTo(output("No space left on device"), "status");
    assertEquals(ExitCode.FAILED.number(), outcome.status());
    assertContains("could not be written: No space left on device", outcome.err());
  }

  @Test
  void stackTracesAreForDebug() {
    createRepository();
    String[] command = {"show", "0123456789abcdef0123456789abcdef"};
    failsInOneLine(ExitCode.NOT_FOUND, command);
    OwnRepo.Outcome debug = repo.tryRun("--debug", command[0], command[1]);
    assertEquals(ExitCode.NOT_FOUND.number(), debug.status());
    assertContains("\tat dev.longshore.", debug.err());
  }

  @Test
  void damagedConfigurationIsNamed() throws IOException {
    createRepository();
    Files.writeString(folder.resolve("home/repository.config"), "{ not json");
    assertContains("repository.config", failsInOneLine(ExitCode.DAMAGED, "status"));
  }

  @Test
  void repositoryThatIsNotThereIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("empty"));
    String err =
        failsInOneLine(
            ExitCode.NOT_FOUND, "connect", "filesystem", "--path=" + folder.resolve("empty"));
    assertContains("empty", err);
  }

  @Test
  void passwordIsNeverPrinted() {
    var seen = new StringBuilder();
    createRepository();
    for (String command :
        new String[] {
          "status",
          "status --json",
          "status -t",
          "blob list",
          "blob show kopia.repository",
          "snapshot create /no/such/directory",
          "repository change-password --new-password=NEW_SECRET_PASSWORD",
          "--debug status",
          "repository connect s3 --secret-access-key=NEW_SECRET_PASSWORD",
          "repository connect s3 --secret-access-key NEW_SECRET_PASSWORD",
          "repository connect filesystem --secret-access-key=NEW_SECRET_PASSWORD --path=x",
          "repository connect filesystem --path=x --secret-access-key NEW_SECRET_PASSWORD",
          "--debug snapshot list --no-such-option",
          "--debug show k00"
        }) {
      OwnRepo.Outcome outcome = repo.tryRun(command.split(" ", -1));
      seen.append(outcome.out()).append(outcome.err());
    }
    assertTrue(seen.length() > 2000, seen.toString());
    assertFalse(seen.toString().contains(PASSWORD));
    assertFalse(seen.toString().contains("NEW_SECRET_PASSWORD"));
  }

  @Test
  void namesCannotCommandTheTerminal() throws IOException {
    createRepository();
    String name = "bell\u0007 escape\u001b[31m line\nbreak";
    Files.createDirectories(tree().resolve(name));
    Files.writeString(tree().resolve(name).resolve("csi\u009b"), "x");
    Created created = snapshot();
    repo.run("policy", "set", tree().resolve(name).toString(), "--keep-latest=1");
    Created other = snapshot(repo.tryRun("snapshot", "create", tree().resolve(name).toString()));
    var seen = new StringBuilder();
    for (String[] command :
        new String[][] {
          {"ls", "-r", created.root()},
          {"ls", "-l", created.root()},
          {"snapshot", "list", "--all"},
          {"policy", "list"},
          {"policy", "show", tree().resolve(name).toString()},
          {"manifest", "list"},
          {"diff", created.root(), other.root()},
          {"snapshot", "estimate", "--show-files", tree().toString()},
          {"restore", created.root() + "/" + name + "/no such entry", "out"},
          {"snapshot", "create", folder.resolve("absent" + name).toString()},
          {"no such command " + name}
        }) {
      OwnRepo.Outcome outcome = repo.tryRun(command);
      String text = outcome.out() + outcome.err();
      assertTrue(
          text.chars().noneMatch(c -> (c < ' ' && c != '\n') || (c >= 0x7f && c < 0xa0)),
          () -> String.join(" ", command) + ": " + text);
      seen.append(text);
    }
    assertContains("bell\\u0007 escape\\u001b[31m line\\nbreak", seen.toString());
  }

  @Test
  void helpIsForEveryCommand() {
    for (String command : new String[] {"", "snapshot ", "snapshot create ", "policy set "}) {
      String help = repo.run((command + "--help").split(" ", -1));
      assertContains("Usage: repo " + command.strip(), help);
    }
    assertMatches("Longshore repo \\S+\n", repo.run("--version"));
  }

  @Test
  void completionAndManualCoverTheCommands() {
    String completion = repo.run("completion");
    assertContains("snapshot", completion);
    assertContains("--verify-files-percent", completion);
    String page = repo.run("man", "snapshot", "verify");
    assertTrue(page.startsWith(".TH REPO-SNAPSHOT-VERIFY 1"), page);
    assertContains("verify\\-files\\-percent", page);
    assertContains(".SH COMMANDS", repo.run("man"));
    fails(ExitCode.USAGE, "man", "no-such-command");
  }
}
