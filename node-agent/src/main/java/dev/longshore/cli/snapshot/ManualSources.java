package dev.longshore.cli.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.engine.policy.Policies;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.snapshot.SourceInfo;

/// Sources that no schedule can back up, such as standard input: Kopia marks them in their policy.
final class ManualSources {
  private ManualSources() {}

  static boolean isManual(ManifestReader manifests, SourceInfo source) throws RepositoryException {
    return new Policies(manifests).effective(source).policy().scheduling().manual();
  }

  /// Marks a source, leaving the rest of its own policy as it is.
  static void setManual(ManifestWriter manifests, SourceInfo source) throws RepositoryException {
    Policy own = new Policies(manifests).defined(source).orElse(Policy.UNSET);
    if (own.scheduling().manual()) {
      return;
    }
    SchedulingPolicy none = SchedulingPolicy.UNSET;
    var manual =
        new SchedulingPolicy(
            none.intervalSeconds(),
            none.timesOfDay(),
            none.noParentTimesOfDay(),
            true,
            none.cron(),
            none.runMissed());
    Policies.set(manifests, source, own.withScheduling(manual));
  }
}
