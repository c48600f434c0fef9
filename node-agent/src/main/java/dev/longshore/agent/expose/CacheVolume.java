package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
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

  /// Velero's default limit of a repository's cache, 5,000 MB, with a fifth to spare.
  private static final long BYTES = 6 * GIB;

  private final ApiCalls calls;
  private final AgentConfig config;

  CacheVolume(ApiCalls calls, AgentConfig config) {
    this.calls = calls;
    this.config = config;
  }

  /// @param node that the scheduler has chosen; may be empty
  /// @return the claim's name; empty if the restore goes without
  Optional<String> ensure(Transfer transfer, KubeObject location, String node)
      throws KubeException, ExposeException {
    Optional<AgentConfig.CacheClaim> settings = config.cache();
    long size = transfer.object().number("spec", "snapshotSize");
    boolean local = location.text("spec", "provider").endsWith("fs");
    if (local
        || settings.isEmpty()
        || (size > 0 && size < settings.get().residentThresholdBytes())) {
      return Optional.empty();
    }
    String name = Names.label(Names.object(transfer.name()) + "-cache");
    KubeObject claim =
        KubeObject.of(Resource.CLAIMS, transfer.namespace(), name)
            .withLabel(Names.OWNER_UID_LABEL, transfer.uid())
            .with(
                Json.Arr.of(Owners.controller(transfer.kind().resource(), transfer.object())),
                "metadata",
                "ownerReferences")
            .with(Json.Arr.ofStrings(List.of("ReadWriteOnce")), "spec", "accessModes")
            .with("Filesystem", "spec", "volumeMode")
            .with(settings.get().storageClass(), "spec", "storageClassName")
            .with(Long.toString(BYTES), "spec", "resources", "requests", "storage");
    calls.ensure(
        Resource.CLAIMS,
        node.isEmpty() ? claim : claim.withAnnotation(SELECTED_NODE, node),
        Names.OWNER_UID_LABEL);
    return Optional.of(name);
  }
}
