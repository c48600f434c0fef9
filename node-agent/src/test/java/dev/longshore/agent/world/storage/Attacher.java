package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.Troubles;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The attach-detach controller and a driver's attacher: volumes come to the nodes of the pods that
/// use them, and leave when no pod does. One that is `ReadWriteOnce` is at one node at a time.
public final class Attacher extends StandIn {
  public Attacher(Site site) {
    super(site);
  }

  /// The name of a volume's attachment to a node.
  public static String attachment(String volume, String node) {
    return "csi-" + Integer.toHexString((volume + "/" + node).hashCode()) + "-" + node;
  }

  @Override
  protected void work() throws KubeException {
    Map<String, KubeObject> wanted = wanted();
    List<KubeObject> attachments = list(Resource.VOLUME_ATTACHMENTS, "");
    for (KubeObject attachment : attachments) {
      if (!wanted.containsKey(attachment.name())) {
        detach(attachment);
      } else if (!attachment.flag("status", "attached")) {
        attach(attachment);
      }
    }
    Set<String> names = new HashSet<>();
    Set<String> attached = new HashSet<>();
    for (KubeObject attachment : attachments) {
      names.add(attachment.name());
      attached.add(attachment.text("spec", "source", "persistentVolumeName"));
    }
    for (Map.Entry<String, KubeObject> one : wanted.entrySet()) {
      KubeObject volume = one.getValue();
      boolean isTaken = attached.contains(volume.name()) && isExclusive(volume);
      if (!names.contains(one.getKey()) && !isTaken) {
        create(one.getKey(), volume);
        attached.add(volume.name());
      }
    }
  }

  /// Attachments that pods need, by name; a volume carries its node in `status.node`.
  private Map<String, KubeObject> wanted() throws KubeException {
    Map<String, KubeObject> wanted = new HashMap<>();
    for (KubeObject pod : list(Resource.PODS, "")) {
      String node = pod.text("spec", "nodeName");
      boolean isOver = Set.of("Succeeded", "Failed").contains(pod.text("status", "phase"));
      if (node.isEmpty() || isOver) {
        continue;
      }
      for (var volume : pod.array("spec", "volumes").objects()) {
        Optional<KubeObject> claim =
            find(Resource.CLAIMS, pod.namespace(), ClaimProtection.claimOf(volume));
        if (claim.isPresent() && claim.get().text("status", "phase").equals("Bound")) {
          find(Resource.VOLUMES, "", claim.get().text("spec", "volumeName"))
              .ifPresent(found ->
                  wanted.put(attachment(found.name(), node), found.with(node, "status", "node")));
        }
      }
    }
    return wanted;
  }

  private static boolean isExclusive(KubeObject volume) {
    return volume.array("spec", "accessModes").strings().stream()
        .anyMatch(mode -> mode.startsWith("ReadWriteOnce"));
  }

  private void create(String name, KubeObject volume) throws KubeException {
    ensure(
        Resource.VOLUME_ATTACHMENTS,
        KubeObject.of(Resource.VOLUME_ATTACHMENTS, "", name)
            .with(volume.text("spec", "csi", "driver"), "spec", "attacher")
            .with(volume.text("status", "node"), "spec", "nodeName")
            .with(volume.name(), "spec", "source", "persistentVolumeName"));
  }

  private void attach(KubeObject attachment) throws KubeException {
    Optional<KubeObject> volume =
        find(Resource.VOLUMES, "", attachment.text("spec", "source", "persistentVolumeName"));
    if (volume.isEmpty() || !isDone(Delays.Of.ATTACH, attachment)) {
      return;
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.ATTACH, volume.get());
    if (trouble.isPresent()) {
      event(volume.get(), "Warning", "FailedAttachVolume", trouble.get());
      retry(Delays.Of.ATTACH, attachment);
      return;
    }
    api.replaceStatus(Resource.VOLUME_ATTACHMENTS, attachment.with(true, "status", "attached"));
  }

  private void detach(KubeObject attachment) throws KubeException {
    if (isDone(Delays.Of.DETACH, attachment)) {
      delete(Resource.VOLUME_ATTACHMENTS, attachment);
    }
  }
}
