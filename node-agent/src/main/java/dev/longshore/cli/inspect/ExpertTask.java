package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.maintenance.MaintenanceMeter;
import dev.longshore.cli.maintenance.SafetyFlag;
import dev.longshore.engine.maintenance.SingleTasks;
import dev.longshore.engine.repository.Repository;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/// A task of maintenance run by itself, which can destroy data if it is run at the wrong time.
abstract class ExpertTask extends RepoCommand {
  @Mixin SafetyFlag safety = new SafetyFlag();

  ExpertTask(Cli cli) {
    super(cli);
  }

  @Override
  protected final ExitCode run() throws IOException {
    Danger.check(cli);
    try (Repository repository = cli.connection().open();
        var meter = new MaintenanceMeter(cli)) {
      cli.notice(run(new SingleTasks(repository, cli.terminal().random(), meter), repository));
    }
    return ExitCode.OK;
  }

  /// Runs the task.
  ///
  /// @return what came of it, for people
  abstract String run(SingleTasks tasks, Repository repository) throws IOException;
}
