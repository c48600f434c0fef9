package dev.longshore.cli.help;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What manual and reference say of commands and options, without markup.
final class Words {
  private Words() {}

  /// `-l, --[no-]long`, `--prefix=PREFIX`.
  static String names(OptionSpec option) {
    List<String> names = new ArrayList<>();
    for (String name : option.names()) {
      boolean negatable = option.negatable() && name.startsWith("--");
      names.add(negatable ? "--[no-]" + name.substring(2) : name);
    }
    String joined = String.join(", ", names);
    return isFlag(option) ? joined : joined + "=" + label(option);
  }

  private static boolean isFlag(OptionSpec option) {
    return option.arity().max() == 0;
  }

  private static String label(ArgSpec argument) {
    return argument.paramLabel().replaceAll("[<>]", "");
  }

  static String description(String[] lines) {
    return String.join(" ", lines);
  }

  static String synopsis(CommandSpec spec) {
    var text = new StringBuilder(spec.qualifiedName());
    if (!options(spec).isEmpty()) {
      text.append(" [OPTIONS]");
    }
    spec.positionalParameters()
        .forEach(parameter -> {
          String label = label(parameter);
          String many = parameter.arity().max() > 1 ? "..." : "";
          text.append(
              parameter.arity().min() == 0 ? " [" + label + many + "]" : " " + label + many);
        });
    if (!spec.subcommands().isEmpty()) {
      text.append(" COMMAND");
    }
    return text.toString();
  }

  /// The command's own options; those of `repo` itself hold for all and are told once.
  static List<OptionSpec> options(CommandSpec spec) {
    return spec.options().stream().filter(o -> !o.hidden() && !o.inherited()).toList();
  }

  /// The subcommands, each once.
  static List<CommandSpec> commands(CommandSpec spec) {
    return spec.subcommands().values().stream()
        .distinct()
        .map(CommandLine::getCommandSpec)
        .toList();
  }
}
