package dev.longshore.cli.policy;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `policy list` and `delete`.
final class PolicyLists {
  private PolicyLists() {}

  /// `policy list`.
  @Command(name = "list", aliases = "ls", description = "List the targets that have policies.")
  static final class ListPolicies extends RepoCommand {
    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

    ListPolicies(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        List<ManifestEntry> found =
            new ArrayList<>(repository.manifests().find(Map.of("type", Policy.TYPE)));
        found.sort(Comparator.comparing(entry -> target(entry).toString()));
        if (json) {
          try (var list = new JsonList(cli.out())) {
            for (ManifestEntry entry : found) {
              Policy policy = Policy.decode(entry.data());
              list.add(row -> write(row, entry, policy));
            }
          }
        } else {
          found.forEach(entry -> cli.out().println(Text.visible(entry.id() + " " + target(entry))));
        }
      }
      return ExitCode.OK;
    }

    private static SourceInfo target(ManifestEntry entry) {
      return Policy.targetOf(entry.labels());
    }

    /// Kopia has the policy's sections beside id and target.
    private static void write(GoJsonWriter row, ManifestEntry entry, Policy policy) {
      row.field("id", entry.id().value());
      target(entry).writeTo(row.name("target"));
      policy.writeFields(row);
    }
  }

  /// `policy delete`.
  @Command(
      name = "delete",
      aliases = {"remove", "rm"},
      description = "Delete policies; what they set is inherited again.")
  static final class Delete extends RepoCommand {
    @Mixin final PolicyTargets targets = new PolicyTargets();

    @Option(
        names = {"-n", "--dry-run"},
        negatable = true,
        description = "Only say what would be deleted.")
    boolean dryRun;

    Delete(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        List<SourceInfo> chosen = targets.parse(cli, repository.client());
        var policies = new Policies(repository.manifests());
        for (SourceInfo target : chosen) {
          if (policies.defined(target).isEmpty()) {
            throw new NotFoundException("no policy is defined for " + target);
          }
          cli.notice((dryRun ? "Would remove policy on " : "Removing policy on ") + target + "...");
        }
        if (!dryRun) {
          repository.write(
              WriteOptions.forPurpose("policy delete"),
              writer -> {
                for (SourceInfo target : chosen) {
                  Policies.remove(writer.manifests(), target);
                }
                return chosen;
              });
        }
      }
      return ExitCode.OK;
    }
  }
}
