package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.List;
import java.util.Optional;

/// The volume for a restore's cache, where the settings want one.
final class CacheVolume {
  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final long GIB = 1L << 30;

  /// Velero's limit of a repository's cache where its settings name none.
  private static final long DEFAULT_MEGABYTES = 5000;

  private final ApiCalls calls;
  private final AgentConfig config;

  CacheVolume(ApiCalls calls, AgentConfig config) {
    this.calls = calls;
    this.config = config;
  }

  /// @param node that the scheduler has chosen; may be empty
  /// @return the claim's name; empty if the restore goes without
  Optional<String> ensure(Transfer transfer, Repository repository, String node)
      throws KubeException, ExposeException {
    Optional<AgentConfig.CacheClaim> settings = config.cache();
    long size = transfer.object().number("spec", "snapshotSize");
    boolean local = repository.location().text("spec", "provider").endsWith("fs");
    if (local
        || settings.isEmpty()
        || (size > 0 && size < settings.get().residentThresholdBytes())) {
      return Optional.empty();
    }
    String name = Names.label(Names.object(transfer.name()) + "-cache");
    KubeObject claim =
        Owners.claim(transfer, name)
            .with(Json.Arr.ofStrings(List.of("ReadWriteOnce")), "spec", "accessModes")
            .with("Filesystem", "spec", "volumeMode")
            .with(settings.get().storageClass(), "spec", "storageClassName")
            .with(Long.toString(bytes(repository)), "spec", "resources", "requests", "storage");
    calls.ensure(
        Resource.CLAIMS,
        node.isEmpty() ? claim : claim.withAnnotation(SELECTED_NODE, node),
        Names.OWNER_UID_LABEL);
    return Optional.of(name);
  }

  /// What the cache may take and a fifth more, in whole GiB.
  private static long bytes(Repository repository) {
    long limit = repository.cacheLimitMegabytes();
    long bytes = ((limit > 0 ? limit : DEFAULT_MEGABYTES) << 20) / 5 * 6;
    return Math.ceilDiv(bytes, GIB) * GIB;
  }
}
