package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.LabelSelector;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskKind;
import java.util.List;
import java.util.Optional;

/// Exposes a new volume for a download, and hands it over to the claim that waits for it.
public final class RestoreExposer implements Exposer {
  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
  private static final String POD_GROUP = "downloads";

  private final ApiCalls calls;
  private final PodTemplate template;
  private final Leftovers leftovers;
  private final Handover handover;
  private final CacheVolume cache;

  public RestoreExposer(KubeApi api, PodTemplate template) {
    this.calls = new ApiCalls(api);
    this.template = template;
    this.leftovers = new Leftovers(calls);
    this.handover = new Handover(calls, leftovers);
    this.cache = new CacheVolume(calls, template.config());
  }

  @Override
  public Optional<String> awaited(Transfer transfer) throws KubeException {
    return target(transfer).isPresent()
        ? Optional.empty()
        : Optional.of("claim %s/%s".formatted(namespace(transfer), claimName(transfer)));
  }

  private static String namespace(Transfer transfer) {
    return transfer.object().text("spec", "targetVolume", "namespace");
  }

  private static String claimName(Transfer transfer) {
    return transfer.object().text("spec", "targetVolume", "pvc");
  }

  private Optional<KubeObject> target(Transfer transfer) throws KubeException {
    return calls.find(Resource.CLAIMS, namespace(transfer), claimName(transfer));
  }

  @Override
  public Exposure expose(Transfer transfer, Repository repository)
      throws KubeException, ExposeException {
    String pod = Names.pod(transfer.name(), transfer.attempt());
    if (calls.find(Resource.PODS, transfer.namespace(), pod).isPresent()) {
      return new Exposure.Ready(pod);
    }
    KubeObject target =
        target(transfer)
            .orElseThrow(() ->
                new ExposeException(
                    "no claim %s/%s".formatted(namespace(transfer), claimName(transfer))));
    if (!target.text("spec", "volumeName").isEmpty()) {
      throw new ExposeException(
          "claim %s/%s has a volume already: %s"
              .formatted(target.namespace(), target.name(), target.text("spec", "volumeName")));
    }
    String node = target.annotation(SELECTED_NODE);
    if (node.isEmpty() && waitsForConsumer(target)) {
      return new Exposure.Waiting(
          "a pod that uses claim %s/%s to be scheduled"
              .formatted(target.namespace(), target.name()));
    }
    calls.ensure(Resource.CLAIMS, claim(transfer, target, node), Names.OWNER_UID_LABEL);
    Optional<String> cacheClaim = cache.ensure(transfer, repository, node);
    calls.ensure(
        Resource.PODS, pod(transfer, target, repository, cacheClaim), Names.OWNER_UID_LABEL);
    return new Exposure.Ready(pod);
  }

  private boolean waitsForConsumer(KubeObject target) throws KubeException {
    if (template.config().ignoreDelayBinding()) {
      return false;
    }
    String name = target.text("spec", "storageClassName");
    return !name.isEmpty()
        && calls
            .find(Resource.STORAGE_CLASSES, "", name)
            .map(one -> one.text("volumeBindingMode").equals("WaitForFirstConsumer"))
            .orElse(false);
  }

  /// Like the target, but for its selector, which keeps provisioners away from it.
  private static KubeObject claim(Transfer transfer, KubeObject target, String node) {
    Json.Obj spec = Json.Obj.EMPTY;
    for (String field : List.of("accessModes", "storageClassName", "volumeMode", "resources")) {
      Json value = target.at("spec", field);
      if (value != null) {
        spec = spec.with(field, value);
      }
    }
    if (isDevice(transfer, target)) {
      spec = spec.with("volumeMode", "Block");
    }
    KubeObject claim = Owners.claim(transfer, Names.object(transfer.name())).with(spec, "spec");
    return node.isEmpty() ? claim : claim.withAnnotation(SELECTED_NODE, node);
  }

  /// Whether the volume is written as a device: then it changes its mode when it is handed over, if
  /// it is to be another.
  private static boolean isDevice(Transfer transfer, KubeObject target) {
    return target.text("spec", "volumeMode").equals("Block")
        || transfer.dataMover().equals(Velero.BLOCK_MOVER);
  }

  private KubeObject pod(
      Transfer transfer, KubeObject target, Repository repository, Optional<String> cacheClaim) {
    String node = target.annotation(SELECTED_NODE);
    MoverPod pod =
        new MoverPod(template, TaskKind.RESTORE)
            .worksFor(transfer)
            .repository(repository)
            .volume(Names.object(transfer.name()), isDevice(transfer, target), false)
            .group(POD_GROUP);
    if (node.isEmpty()) {
      pod.onNodes(
          template
              .config()
              .affinity(target.text("spec", "storageClassName"))
              .map(LabelSelector::nodeExpressions)
              .orElse(List.of()));
    } else {
      pod.onSelectedNode(node);
    }
    cacheClaim.ifPresent(pod::cache);
    RestoreOptions.add(pod, transfer, template.config().own());
    return pod.build(
        transfer.kind().resource(),
        transfer.object(),
        Names.pod(transfer.name(), transfer.attempt()));
  }

  @Override
  public Optional<String> handOver(Transfer transfer) throws KubeException, ExposeException {
    return handover.advance(transfer);
  }

  @Override
  public boolean isHandingOver(Transfer transfer) {
    return Handover.hasBegun(transfer);
  }

  @Override
  public Optional<String> cleanUp(Transfer transfer) throws KubeException {
    handover.abandon(transfer);
    Optional<String> left = leftovers.removePods(transfer);
    return left.isPresent() ? left : leftovers.removeClaims(transfer);
  }
}
