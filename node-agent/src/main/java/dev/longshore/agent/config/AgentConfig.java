package dev.longshore.agent.config;

import dev.longshore.kube.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the agent's ConfigMap says.
///
/// Source: Velero d2241adba `pkg/types/node_agent.go` for all but [Own].
///
/// @param concurrency transfers at once
/// @param affinities where movers run, the first that fits
/// @param backupClaims how volumes are made from snapshots, by the source's storage class
/// @param ignoreDelayBinding restores do not wait until the restored workload is scheduled
/// @param resources of mover pods: `{"requests":…,"limits":…}`, or empty
/// @param priorityClass of mover pods; may be empty
/// @param privilegedPodVolumes movers of pod volumes are privileged
/// @param cache the volume for a restore's cache, if there is to be one
/// @param podAnnotations of mover pods; replace those copied from the agent
/// @param podLabels of mover pods
/// @param blocks how volumes are moved as devices
/// @param own what Velero's ConfigMap does not have
/// @param problems what was ignored and why, for people
public record AgentConfig(
    Concurrency concurrency,
    List<Affinity> affinities,
    Map<String, BackupClaim> backupClaims,
    boolean ignoreDelayBinding,
    Json.Obj resources,
    String priorityClass,
    boolean privilegedPodVolumes,
    Optional<CacheClaim> cache,
    Map<String, String> podAnnotations,
    Map<String, String> podLabels,
    BlockConfig blocks,
    Own own,
    List<String> problems) {
  public AgentConfig {
    affinities = List.copyOf(affinities);
    backupClaims = Map.copyOf(backupClaims);
    podAnnotations = Map.copyOf(podAnnotations);
    podLabels = Map.copyOf(podLabels);
    problems = List.copyOf(problems);
  }

  /// What holds where nothing is said.
  public static AgentConfig defaults() {
    return ConfigReader.read(Json.Obj.EMPTY);
  }

  /// Transfers at once.
  ///
  /// @param global on a node that no rule names
  /// @param perNode rules for nodes; the smallest number of those that match holds
  /// @param queueLength transfers between Accepted and InProgress in the cluster; 0: any number
  public record Concurrency(int global, List<NodeRule> perNode, int queueLength) {
    public Concurrency {
      perNode = List.copyOf(perNode);
    }

    /// How many transfers a node may run at once.
    public int slots(Map<String, String> nodeLabels) {
      return perNode.stream()
          .filter(rule -> rule.nodes().matches(nodeLabels))
          .mapToInt(NodeRule::number)
          .min()
          .orElse(global);
    }
  }

  /// A number for some nodes.
  public record NodeRule(LabelSelector nodes, int number) {}

  /// Nodes for movers.
  ///
  /// @param storageClass of the volumes that this is for; empty: all others
  public record Affinity(LabelSelector nodes, String storageClass) {}

  /// How the volume of a backup is made.
  ///
  /// @param storageClass empty: the source's
  /// @param noRelabeling the kubelet does not relabel a read-only volume for SELinux
  public record BackupClaim(
      String storageClass,
      boolean readOnly,
      boolean noRelabeling,
      Map<String, String> annotations) {
    public static final BackupClaim PLAIN = new BackupClaim("", false, false, Map.of());

    public BackupClaim {
      annotations = Map.copyOf(annotations);
    }
  }

  /// A volume for a restore's cache.
  ///
  /// @param residentThresholdBytes smaller snapshots are restored without
  public record CacheClaim(String storageClass, long residentThresholdBytes) {}

  /// Settings of ours, under the key `longshore`.
  ///
  /// @param attempts of a transfer, the first included
  /// @param stallTimeout how long a mover may be silent
  /// @param metadataFailures `fail`, `warn` or `ignore`
  /// @param verifyPercent share of an upload that is read back
  /// @param deleteExtra restores delete what the snapshot does not have
  /// @param verification how repositories are read back
  /// @param forgetAfter how long a backup must be gone before its snapshots are deleted
  public record Own(
      int attempts,
      Duration stallTimeout,
      String metadataFailures,
      int verifyPercent,
      boolean deleteExtra,
      Verification verification,
      Duration forgetAfter) {
    public static final Own DEFAULT =
        new Own(
            3,
            Duration.ofMinutes(5),
            "warn",
            0,
            false,
            new Verification(Duration.ZERO, 10L << 30),
            Duration.ofHours(1));
  }

  /// How repositories are read back.
  ///
  /// @param interval between two runs for the same repository; zero: none
  /// @param bytes to read at most in a run
  public record Verification(Duration interval, long bytes) {}

  /// These settings for pods that keep repositories instead of moving volumes.
  public AgentConfig forUpkeep(UpkeepConfig upkeep) {
    return new AgentConfig(
        concurrency,
        affinities,
        backupClaims,
        ignoreDelayBinding,
        upkeep.resources(),
        upkeep.priorityClass().isEmpty() ? priorityClass : upkeep.priorityClass(),
        false,
        cache,
        upkeep.podAnnotations().isEmpty() ? podAnnotations : upkeep.podAnnotations(),
        upkeep.podLabels().isEmpty() ? podLabels : upkeep.podLabels(),
        blocks,
        own,
        problems);
  }

  /// The nodes for a mover of a volume of a storage class, if they are restricted.
  public Optional<LabelSelector> affinity(String storageClass) {
    return affinities.stream()
        .filter(one -> !storageClass.isEmpty() && one.storageClass().equals(storageClass))
        .findFirst()
        .or(() -> affinities.stream().filter(one -> one.storageClass().isEmpty()).findFirst())
        .map(Affinity::nodes);
  }

  /// How the volume of a backup is made.
  public BackupClaim backupClaim(String sourceStorageClass) {
    return backupClaims.getOrDefault(sourceStorageClass, BackupClaim.PLAIN);
  }
}
