package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.cli.help.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The reference page is the program's own help; `-Dlongshore.write=true` writes it anew.
class CliReferenceTest {
  private static CommandLine commands() {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    return Repo.commandLine(
        new Terminal(
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            Map.of(),
            Path.of("/"),
            false,
            _ -> Optional.empty(),
            Clock.systemUTC(),
            new SecureRandom()));
  }

  private static Path page() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("docs/reference/exit-codes.md"))) {
      at = at.getParent();
    }
    assertTrue(at != null, "no docs/reference above " + Path.of("").toAbsolutePath());
    return at.resolve("docs/reference/commands.md");
  }

  @Test
  void pageIsWhatTheProgramSays() throws IOException {
    String text = new Reference().of(commands());
    if (Boolean.getBoolean("longshore.write")) {
      Files.writeString(page(), text);
    }
    assertEquals(text, Files.readString(page()), "run the test with -Dlongshore.write=true");
  }

  @Test
  void everyCommandAndVisibleOptionIsDescribed() {
    List<String> silent = new ArrayList<>();
    collect(commands(), silent);
    assertEquals(List.of(), silent);
  }

  private static void collect(CommandLine line, List<String> silent) {
    var spec = line.getCommandSpec();
    if (String.join("", spec.usageMessage().description()).isBlank()) {
      silent.add(spec.qualifiedName());
    }
    for (OptionSpec option : spec.options()) {
      if (!option.hidden() && String.join("", option.description()).isBlank()) {
        silent.add(spec.qualifiedName() + " " + option.longestName());
      }
    }
    spec.positionalParameters().stream()
        .filter(parameter -> String.join("", parameter.description()).isBlank())
        .forEach(parameter -> silent.add(spec.qualifiedName() + " " + parameter.paramLabel()));
    line.getSubcommands().values().forEach(command -> collect(command, silent));
  }
}
