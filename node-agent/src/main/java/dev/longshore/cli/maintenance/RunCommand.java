package dev.longshore.cli.maintenance;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.blob.StoreUsage;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.engine.maintenance.MaintenanceReport;
import dev.longshore.engine.repository.Repository;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `maintenance run`.
@Command(name = "run", description = "Run maintenance now, whether it is due or not.")
final class RunCommand extends RepoCommand {
  @Option(
      names = "--full",
      negatable = true,
      description = "Collect garbage, too; otherwise only the index is kept small.")
  boolean full;

  @Option(
      names = "--force",
      negatable = true,
      hidden = true,
      description = "Run although another client is the owner (unsafe).")
  boolean force;

  @Option(
      names = "--dry-run",
      negatable = true,
      description = "Say what would be done, and change nothing.")
  boolean dryRun;

  @Mixin SafetyFlag safety = new SafetyFlag();

  RunCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    MaintenanceMode mode = full ? MaintenanceMode.FULL : MaintenanceMode.QUICK;
    Maintenance.Options usual = Maintenance.Options.of(mode);
    try (Repository repository = cli.connection().open();
        var meter = new MaintenanceMeter(cli)) {
      Maintenance.Options options =
          new Maintenance.Options(
              mode,
              safety.safety(),
              force,
              dryRun,
              usual.parallel(),
              Optional.of(cli.connection().configFile()));
      Optional<MaintenanceReport> report =
          Maintenance.run(repository, options, cli.terminal().random(), meter);
      report.ifPresent(this::tell);
    }
    return ExitCode.OK;
  }

  private void tell(MaintenanceReport report) {
    StoreUsage usage = report.usage();
    String finished = dryRun ? "Finished looking what " : "Finished ";
    cli.notice(
        finished
            + report.mode().name().toLowerCase(Locale.ROOT)
            + " maintenance"
            + (dryRun ? " would do; nothing was changed." : "."));
    cli.notice(
        "Requests: %d get, %d put, %d list, %d delete, %d other; %s read, %s written."
            .formatted(
                usage.gets(),
                usage.puts(),
                usage.lists(),
                usage.deletes(),
                usage.others(),
                cli.sizes().bytes(usage.readBytes()),
                cli.sizes().bytes(usage.writtenBytes())));
  }
}
