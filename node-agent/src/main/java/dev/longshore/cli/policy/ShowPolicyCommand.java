package dev.longshore.cli.policy;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.policy.EffectivePolicy;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `policy show`: the settings that hold for a target, and where they come from.
@Command(
    name = "show",
    aliases = "get",
    description = "Show the settings that hold for a target, and where each comes from.")
final class ShowPolicyCommand extends RepoCommand {
  @Mixin final PolicyTargets targets = new PolicyTargets();

  @Option(names = "--json", negatable = true, description = "Print JSON.")
  boolean json;

  ShowPolicyCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      var policies = new Policies(repository.manifests());
      for (SourceInfo target : targets.parse(cli, repository.client())) {
        EffectivePolicy effective = policies.effective(target);
        if (json) {
          cli.out().println(new String(effective.policy().encode(), StandardCharsets.UTF_8));
        } else {
          cli.out().println(Text.visible("Policy for " + target + ":"));
          cli.out().println();
          new PolicyTable(cli.sizes(), target, effective)
              .lines()
              .forEach(line -> cli.out().println(Text.visible(line)));
        }
      }
    }
    return ExitCode.OK;
  }
}
