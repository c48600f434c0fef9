package dev.longshore.engine.policy;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.RawText;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policies of a repository.
///
/// Safe for use by many threads as far as the manifests are. Source: kopia 4ebb2be6c
/// `snapshot/policy/policy_manager.go`.
public final class Policies {
  private final ManifestReader manifests;

  /// Reads through `manifests`, anew at every call.
  public Policies(ManifestReader manifests) {
    this.manifests = manifests;
  }

  /// All policies, in the order they were written.
  public List<TargetPolicy> all() throws RepositoryException {
    return load(Map.of("type", Policy.TYPE));
  }

  /// The policy defined exactly for a target; of several, which clients that raced left, the
  /// newest.
  public Optional<Policy> defined(SourceInfo target) throws RepositoryException {
    List<TargetPolicy> found = load(Policy.labelsOf(target));
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast().policy());
  }

  /// The policies that apply to a target, most specific first: its own ([Policy#UNSET] if it has
  /// none), those of the paths above it, of its user, of its host, and the global one.
  public List<TargetPolicy> hierarchy(SourceInfo target) throws RepositoryException {
    List<TargetPolicy> found = new ArrayList<>();
    String path = target.path();
    while (!path.isEmpty()) {
      found.addAll(load(Policy.labelsOf(new SourceInfo(target.host(), target.userName(), path))));
      String parent = SourcePaths.parent(path);
      path = parent.equals(path) ? "" : parent;
    }
    if (!target.userName().isEmpty()) {
      found.addAll(load(Policy.labelsOf(new SourceInfo(target.host(), target.userName(), ""))));
    }
    if (!target.host().isEmpty()) {
      found.addAll(load(Policy.labelsOf(new SourceInfo(target.host(), "", ""))));
    }
    found.addAll(load(Policy.labelsOf(SourceInfo.GLOBAL)));
    if (found.isEmpty() || !found.getFirst().target().equals(target)) {
      found.addFirst(new TargetPolicy(target, Policy.UNSET));
    }
    return found;
  }

  /// The policy that holds for a target.
  public EffectivePolicy effective(SourceInfo target) throws RepositoryException {
    return EffectivePolicy.of(hierarchy(target));
  }

  /// The policies that hold inside a snapshot of a source.
  public PolicyTree tree(SourceInfo source) throws RepositoryException {
    Map<String, Policy> below = new HashMap<>();
    Map<String, String> labels =
        Map.of(
            "type",
            Policy.TYPE,
            Policy.TARGET_LABEL,
            "path",
            "username",
            source.userName(),
            "hostname",
            source.host());
    for (TargetPolicy entry : load(labels)) {
      SourcePaths.relative(source.path(), entry.target().path())
          .ifPresent(path -> below.put(path, entry.policy()));
    }
    return PolicyTree.of(effective(source).policy(), below);
  }

  /// Sets the policy of a target, in place of what it had.
  ///
  /// @throws IllegalArgumentException if the policy contradicts itself or does not fit the target
  public static ManifestId set(ManifestWriter manifests, SourceInfo target, Policy policy)
      throws RepositoryException {
    check(target, policy);
    return manifests.replace(Policy.labelsOf(target), policy.encode());
  }

  /// Removes the policy of a target; false if it has none.
  public static boolean remove(ManifestWriter manifests, SourceInfo target)
      throws RepositoryException {
    List<ManifestEntry> found = manifests.find(Policy.labelsOf(target));
    for (ManifestEntry entry : found) {
      manifests.delete(entry.id());
    }
    return !found.isEmpty();
  }

  private static void check(SourceInfo target, Policy policy) {
    SchedulingPolicy scheduling = policy.scheduling();
    SchedulingPolicy onlyManual = new SchedulingPolicy(0, List.of(), false, true, List.of(), null);
    if (scheduling.manual() && !scheduling.equals(onlyManual)) {
      throw new IllegalArgumentException("a manual schedule goes with no other");
    }
    for (String expression : scheduling.cron()) {
      if (!CronExpression.isValid(expression)) {
        throw new IllegalArgumentException(
            "invalid cron expression: " + RawText.display(expression));
      }
    }
    if (!target.path().isEmpty() && policy.upload().maxParallelSnapshots() != null) {
      throw new IllegalArgumentException("parallel snapshots are not for single paths: " + target);
    }
    if (SourcePaths.hasTrailingSeparator(target.path())) {
      throw new IllegalArgumentException("a policy's path must not end with a separator");
    }
  }

  private List<TargetPolicy> load(Map<String, String> labels) throws RepositoryException {
    List<TargetPolicy> policies = new ArrayList<>();
    for (ManifestEntry entry : manifests.find(labels)) {
      try {
        policies.add(
            new TargetPolicy(Policy.targetOf(entry.labels()), Policy.decode(entry.data())));
      } catch (CorruptException e) {
        throw new DamagedException("manifest " + entry.id() + " holds no policy", e);
      }
    }
    return policies;
  }
}
