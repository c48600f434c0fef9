package dev.longshore.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// A command that does something: parse, one call to the engine, render.
public abstract class RepoCommand implements Callable<Integer> {
  /// What commands share.
  protected final Cli cli;

  @Spec CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean help;

  protected RepoCommand(Cli cli) {
    this.cli = cli;
  }

  /// Does the work.
  protected abstract ExitCode run() throws IOException;

  @Override
  public final Integer call() throws IOException {
    if (!cli.options().isMemoryValid()) {
      throw usage("--memory: not a size: " + cli.options().memory);
    }
    return run().number();
  }

  /// A failure of the command line that only the command could see, such as options that exclude
  /// each other.
  protected final CommandFailure usage(String problem) {
    return new CommandFailure(
        ExitCode.USAGE, problem + " (see `" + spec.qualifiedName() + " --help`)");
  }
}
