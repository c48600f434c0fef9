package dev.longshore.cli.help;

import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/// The manual page of one command, in the man macros.
final class ManPage {
  private final CommandSpec spec;
  private final StringBuilder page = new StringBuilder();

  ManPage(CommandSpec spec) {
    this.spec = spec;
  }

  String text() {
    String name = spec.qualifiedName("-");
    page.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1 \"\" Longshore\n");
    section("NAME");
    String about = Words.description(spec.usageMessage().description());
    line(escaped(name) + " \\- " + escaped(about));
    section("SYNOPSIS");
    line(escaped(Words.synopsis(spec)));
    if (!spec.subcommands().isEmpty()) {
      section("COMMANDS");
      Words.commands(spec)
          .forEach(command ->
              item(command.name(), Words.description(command.usageMessage().description())));
    }
    if (!spec.positionalParameters().isEmpty()) {
      section("ARGUMENTS");
      spec.positionalParameters()
          .forEach(parameter ->
              item(parameter.paramLabel(), Words.description(parameter.description())));
    }
    section("OPTIONS");
    Words.options(spec)
        .forEach(option -> item(Words.names(option), Words.description(option.description())));
    if (spec.parent() != null) {
      line("The options of repo(1) hold as well.");
    }
    section("EXIT STATUS");
    line("See docs/reference/exit-codes.md: 0 is success, 1 failure, 2 a bad command line.");
    return page.toString();
  }

  private void section(String name) {
    page.append(".SH ").append(name).append('\n');
  }

  private void item(String name, String description) {
    page.append(".TP\n.B ").append(escaped(name)).append('\n');
    line(escaped(description));
  }

  private void line(String text) {
    // A line that begins with a dot or quote would be a request.
    boolean request = text.startsWith(".") || text.startsWith("'");
    page.append(request ? "\\&" : "").append(text).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("-", "\\-");
  }
}
