package dev.longshore.engine.policy;

import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.Policy;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The policies that hold inside one snapshot, by directory.
///
/// The root has the effective policy of the source. A directory below for which a policy is defined
/// has exactly that policy, not merged with anything: what it leaves unset is unset, even where a
/// default exists (an ignore rule for a directory turns compression off in it, that of metadata
/// too). Every other directory has its parent's.
///
/// Immutable, safe for use by many threads. Source: kopia 4ebb2be6c
/// `snapshot/policy/policy_tree.go`.
public final class PolicyTree {
  private static final NavigableMap<String, Policy> NOTHING = new TreeMap<>();

  private final NavigableMap<String, Policy> below;
  private final String path;
  private final Policy policy;
  private final boolean inherited;

  private PolicyTree(
      NavigableMap<String, Policy> below, String path, Policy policy, boolean inherited) {
    this.below = below;
    this.path = path;
    this.policy = policy;
    this.inherited = inherited;
  }

  /// Builds a tree.
  ///
  /// @param root the effective policy of the source
  /// @param below policies defined below it, by relative path such as `a/b`
  public static PolicyTree of(Policy root, Map<String, Policy> below) {
    return new PolicyTree(new TreeMap<>(below), "", root, false);
  }

  /// The policy that holds here.
  public Policy policy() {
    return policy;
  }

  /// The policy if it is defined exactly here.
  public Optional<Policy> defined() {
    return inherited ? Optional.empty() : Optional.of(policy);
  }

  /// The file settings of the policy defined exactly here, as [IgnoreRules#enter] wants them.
  public @Nullable FilesPolicy definedFiles() {
    return inherited ? null : policy.files();
  }

  /// The tree of an entry of this directory.
  public PolicyTree child(String name) {
    if (below.isEmpty() && inherited) {
      return this;
    }
    String childPath = path.isEmpty() ? name : path + "/" + name;
    Policy own = below.get(childPath);
    String next = below.ceilingKey(childPath + "/");
    boolean more = next != null && next.startsWith(childPath + "/");
    return new PolicyTree(
        more ? below : NOTHING, childPath, own == null ? policy : own, own == null);
  }
}
