package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonInput;
import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A folder with a home for commands that run in process, and what tests of them ask again and
/// again.
abstract class CommandLineCase {
  static final String PASSWORD = "a pässword of the tests";
  private static final Pattern CREATED = Pattern.compile("root (\\S+) and ID ([0-9a-f]+) in");

  @TempDir Path folder;
  OwnRepo repo = new OwnRepo(Path.of("/nowhere"), "");

  @BeforeEach
  void home() throws IOException {
    repo = new OwnRepo(Files.createDirectories(folder.resolve("home")), PASSWORD);
  }

  /// A root object and the id of the snapshot's manifest.
  record Created(String root, String id) {}

  final Path store() {
    return folder.resolve("store");
  }

  final Path tree() {
    return folder.resolve("tree");
  }

  /// Creates a repository in [#store].
  final void createRepository(String... options) {
    var command =
        new java.util.ArrayList<>(
            List.of(
                "repository",
                "create",
                "filesystem",
                "--path=" + store(),
                "--override-hostname=host",
                "--override-username=user"));
    command.addAll(List.of(options));
    repo.run(command.toArray(String[]::new));
  }

  /// Backs up [#tree].
  final Created snapshot() {
    return snapshot(repo.tryRun("snapshot", "create", tree().toString()));
  }

  static Created snapshot(OwnRepo.Outcome outcome) {
    assertEquals(0, outcome.status(), outcome.err());
    Matcher found = CREATED.matcher(outcome.err());
    assertTrue(found.find(), outcome.err());
    return new Created(found.group(1), found.group(2));
  }

  /// Runs a command that must fail, say why on standard error and print nothing else.
  final String fails(ExitCode code, String... command) {
    OwnRepo.Outcome outcome = repo.tryRun(command);
    assertEquals(code.number(), outcome.status(), outcome.err());
    assertTrue(outcome.err().startsWith("repo: "), outcome.err());
    assertEquals("", outcome.out());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
    assertFalse(outcome.err().contains("Exception"), outcome.err());
    return outcome.err();
  }

  /// Runs a command that must fail with one line.
  final String failsInOneLine(ExitCode code, String... command) {
    String err = fails(code, command);
    assertEquals(1, err.lines().count(), err);
    return err;
  }

  static String checkedJson(String text) throws CorruptException {
    JsonInput.checkWellFormed("output", text.getBytes(StandardCharsets.UTF_8));
    return text;
  }

  static void assertMatches(String regex, String text) {
    assertTrue(Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches(), text);
  }

  static void assertContains(String part, String text) {
    assertTrue(text.contains(part), () -> "no <" + part + "> in\n" + text);
  }

  static long lines(String text) {
    return text.lines().count();
  }
}
