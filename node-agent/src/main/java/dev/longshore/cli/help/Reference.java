package dev.longshore.cli.help;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The reference of all commands as Markdown: `docs/reference/commands.md` is this text.
public final class Reference {
  private final StringBuilder text = new StringBuilder();

  /// The page for a tree of commands.
  public String of(CommandLine root) {
    text.append("# Commands\n\n");
    text.append("Made from the program's own help; a test keeps it so.\n\n");
    command(root.getCommandSpec());
    return text.toString();
  }

  private void command(CommandSpec spec) {
    text.append("## ").append(spec.qualifiedName()).append("\n\n");
    text.append(cell(Words.description(spec.usageMessage().description()))).append("\n\n");
    text.append("    ").append(Words.synopsis(spec)).append("\n\n");
    if (spec.aliases().length > 0) {
      text.append("Also: `").append(String.join("`, `", spec.aliases())).append("`.\n\n");
    }
    if (!spec.subcommands().isEmpty()) {
      text.append("| Command | |\n|---|---|\n");
      for (CommandSpec command : Words.commands(spec)) {
        row(command.name(), Words.description(command.usageMessage().description()));
      }
      text.append('\n');
    }
    table(spec);
    Words.commands(spec).forEach(this::command);
  }

  private void table(CommandSpec spec) {
    boolean plain = spec.positionalParameters().isEmpty() && Words.options(spec).size() <= 1;
    if (plain) {
      return;
    }
    text.append("| Argument or option | |\n|---|---|\n");
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      row(parameter.paramLabel(), Words.description(parameter.description()));
    }
    for (OptionSpec option : Words.options(spec)) {
      if (!option.usageHelp()) {
        row(Words.names(option), Words.description(option.description()));
      }
    }
    text.append('\n');
  }

  private void row(String name, String description) {
    text.append("| `").append(cell(name)).append("` | ").append(cell(description)).append(" |\n");
  }

  private static String cell(String words) {
    return words.replace("|", "\\|");
  }
}
