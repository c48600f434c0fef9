package dev.longshore.engine.policy;

import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The policy that holds for a target, and where each of its settings comes from.
///
/// Policies are laid over each other from the most specific to the most general, then the defaults;
/// a policy with `noParent` is the last. Of most settings the first found holds. `onlyCompress`,
/// `neverCompress` and `timeOfDay` are united and sorted until a policy says that its list stands
/// alone. What runs before and after a folder is only the target's own.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/policy_merge.go`.
///
/// @param definedBy for each setting that is set, by its place in the stored form such as
///   `retention.keepLatest`, the target it comes from; [SourceInfo#GLOBAL] also for defaults. Of a
///   united list the most general contributor.
public record EffectivePolicy(Policy policy, Map<String, SourceInfo> definedBy) {
  public EffectivePolicy {
    definedBy = Map.copyOf(definedBy);
  }

  /// Merges.
  ///
  /// @param hierarchy most specific first; the first is the target's own, [Policy#UNSET] if it has
  ///   none
  public static EffectivePolicy of(List<TargetPolicy> hierarchy) {
    PolicyMerge merge = new PolicyMerge();
    for (TargetPolicy entry : hierarchy) {
      merge.add(entry.target(), entry.policy());
      if (entry.policy().noParent()) {
        return new EffectivePolicy(merge.merged(), merge.definedBy());
      }
    }
    merge.add(SourceInfo.GLOBAL, DefaultPolicy.POLICY);
    if (!hierarchy.isEmpty()) {
      merge.takeFolderActions(hierarchy.getFirst().policy().actions());
    }
    return new EffectivePolicy(merge.merged(), merge.definedBy());
  }

  /// Where a setting comes from; empty if it is not set.
  public Optional<SourceInfo> definedBy(String setting) {
    return Optional.ofNullable(definedBy.get(setting));
  }
}
