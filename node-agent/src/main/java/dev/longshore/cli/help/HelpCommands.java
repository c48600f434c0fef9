package dev.longshore.cli.help;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `completion` and `man`.
public final class HelpCommands {
  private HelpCommands() {}

  /// The commands.
  public static List<Branch> all(Cli cli) {
    return List.of(Branch.of(new Completion(cli)), Branch.of(new Man(cli)));
  }

  /// `completion`.
  @Command(
      name = "completion",
      description = "Print a completion script for bash and zsh: `source <(repo completion)`.")
  static final class Completion extends RepoCommand {
    @Spec CommandSpec self;

    Completion(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() {
      cli.out().print(AutoComplete.bash("repo", self.root().commandLine()));
      return ExitCode.OK;
    }
  }

  /// `man`.
  @Command(
      name = "man",
      description = "Print the manual page of a command: `repo man snapshot create | man -l -`.")
  static final class Man extends RepoCommand {
    @Spec CommandSpec self;

    @Parameters(
        arity = "0..*",
        paramLabel = "COMMAND",
        description = "The command; else repo itself.")
    List<String> names = List.of();

    Man(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() {
      CommandLine at = self.root().commandLine();
      for (String name : names) {
        CommandLine next = at.getSubcommands().get(name);
        if (next == null) {
          throw usage("no such command: " + String.join(" ", names));
        }
        at = next;
      }
      cli.out().print(new ManPage(at.getCommandSpec()).text());
      return ExitCode.OK;
    }
  }
}
