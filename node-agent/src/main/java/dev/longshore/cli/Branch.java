package dev.longshore.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// A command, or a group of commands with what it holds; not yet looked through by picocli.
///
/// Looking through the options of all commands takes a cold JVM longer than most commands take to
/// do their work, so [#build] leaves out what a command line does not name.
///
/// @param command an object with picocli's annotations
public record Branch(Object command, List<Branch> held) {
  /// A command that holds no others.
  public static Branch of(Object command) {
    return new Branch(command, List.of());
  }

  /// A group of commands, or of groups.
  ///
  /// @param held branches, or commands
  public static Branch group(Object group, Object... held) {
    return new Branch(
        group,
        Arrays.stream(held)
            .map(each -> each instanceof Branch branch ? branch : of(each))
            .toList());
  }

  /// The command with all it holds.
  CommandLine build() {
    return build(Set.of());
  }

  /// The command with what it holds that has a name among the words; where none has, with all.
  ///
  /// @param words of the command line; more than the names of commands do no harm
  CommandLine build(Set<String> words) {
    CommandLine line = new CommandLine(command);
    List<Branch> named = new ArrayList<>(held);
    named.removeIf(branch -> !branch.isNamed(words));
    for (Branch branch : named.isEmpty() ? held : named) {
      line.addSubcommand(branch.build(words));
    }
    return line;
  }

  private boolean isNamed(Set<String> words) {
    Command names = command.getClass().getAnnotation(Command.class);
    return words.contains(names.name()) || Arrays.stream(names.aliases()).anyMatch(words::contains);
  }
}
