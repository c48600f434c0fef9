package dev.longshore.agent.world.node;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.Troubles;
import dev.longshore.agent.world.storage.ClaimProtection;
import dev.longshore.agent.world.storage.Fit;
import dev.longshore.agent.world.storage.Provisioner;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The scheduler: finds nodes for pods, and with them for the volumes of claims that wait for their
/// first consumer. Among good nodes chance decides. Of a node's resources it knows only how many
/// volumes can be attached: `status.allocatable["attachable-volumes-csi"]`.
public final class Scheduler extends StandIn {
  private static final String VOLUME_LIMIT = "attachable-volumes-csi";

  /// The nodes of pods whose volumes are being made for them.
  private final Map<String, String> chosen = new HashMap<>();

  public Scheduler(Site site) {
    super(site);
  }

  /// A pod's claims: those that are bound, as their volumes, and those that wait for a node.
  private record Claims(List<KubeObject> volumes, List<KubeObject> waiting, String problem) {}

  @Override
  protected void work() throws KubeException {
    each(Resource.PODS, this::sync);
  }

  private void sync(KubeObject pod) throws KubeException {
    if (!pod.text("spec", "nodeName").isEmpty()
        || pod.isBeingDeleted()
        || !Set.of("", "Pending").contains(pod.text("status", "phase"))
        || !isDone(Delays.Of.SCHEDULE, pod)) {
      return;
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.SCHEDULE, pod);
    if (trouble.isPresent()) {
      unschedulable(pod, trouble.get());
      retry(Delays.Of.SCHEDULE, pod);
      return;
    }
    Claims claims = claims(pod);
    if (!claims.problem.isEmpty()) {
      unschedulable(pod, claims.problem);
      return;
    }
    List<KubeObject> nodes = list(Resource.NODES, "");
    List<KubeObject> good = new ArrayList<>();
    for (KubeObject node : nodes) {
      if (isGood(node, pod, claims)) {
        good.add(node);
      }
    }
    if (good.isEmpty()) {
      unschedulable(pod, "0/" + nodes.size() + " nodes are available for the pod");
      return;
    }
    KubeObject node =
        good.stream()
            .filter(one -> one.name().equals(chosen.get(pod.uid())))
            .findFirst()
            .orElseGet(() -> good.get(random.nextInt(good.size())));
    if (claims.waiting.isEmpty()) {
      assign(pod, node);
      chosen.remove(pod.uid());
    } else {
      chosen.put(pod.uid(), node.name());
      for (KubeObject claim : claims.waiting) {
        select(claim, node);
      }
    }
  }

  private Claims claims(KubeObject pod) throws KubeException {
    List<KubeObject> volumes = new ArrayList<>();
    List<KubeObject> waiting = new ArrayList<>();
    String problem = "";
    for (Json.Obj volume : pod.array("spec", "volumes").objects()) {
      String name = ClaimProtection.claimOf(volume);
      if (name.isEmpty()) {
        continue;
      }
      Optional<KubeObject> claim = find(Resource.CLAIMS, pod.namespace(), name);
      if (claim.isEmpty()) {
        problem = "persistentvolumeclaim \"" + name + "\" not found";
      } else if (claim.get().isBeingDeleted()) {
        problem = "persistentvolumeclaim \"" + name + "\" is being deleted";
      } else if (claim.get().text("status", "phase").equals("Bound")) {
        find(Resource.VOLUMES, "", claim.get().text("spec", "volumeName")).ifPresent(volumes::add);
      } else if (claim.get().text("status", "phase").equals("Lost")) {
        problem = "persistentvolumeclaim \"" + name + "\" bound to non-existent persistentvolume";
      } else if (waitsForConsumer(claim.get())) {
        waiting.add(claim.get());
      } else {
        problem = "pod has unbound immediate PersistentVolumeClaims";
      }
    }
    return new Claims(volumes, waiting, problem);
  }

  private boolean waitsForConsumer(KubeObject claim) throws KubeException {
    return find(Resource.STORAGE_CLASSES, "", claim.text("spec", "storageClassName"))
        .filter(Fit::waitsForConsumer)
        .isPresent();
  }

  private boolean isGood(KubeObject node, KubeObject pod, Claims claims) throws KubeException {
    return !node.flag("spec", "unschedulable")
        && Nodes.isReady(node)
        && Affinity.allows(pod, node)
        && Affinity.tolerates(pod, node)
        && claims.volumes.stream().allMatch(volume -> Affinity.reaches(volume, node))
        && claims.waiting.stream()
            .map(claim -> claim.annotation(Provisioner.SELECTED_NODE))
            .allMatch(selected -> selected.isEmpty() || selected.equals(node.name()))
        && hasRoom(node, claims);
  }

  private boolean hasRoom(KubeObject node, Claims claims) throws KubeException {
    String limit = node.text("status", "allocatable", VOLUME_LIMIT);
    if (limit.isEmpty()) {
      return true;
    }
    long attached =
        list(Resource.VOLUME_ATTACHMENTS, "").stream()
            .filter(one -> one.text("spec", "nodeName").equals(node.name()))
            .count();
    return attached + claims.volumes.size() + claims.waiting.size() <= Long.parseLong(limit);
  }

  private void select(KubeObject claim, KubeObject node) throws KubeException {
    if (claim.annotation(Provisioner.SELECTED_NODE).isEmpty()) {
      api.replace(Resource.CLAIMS, claim.withAnnotation(Provisioner.SELECTED_NODE, node.name()));
    }
  }

  private void assign(KubeObject pod, KubeObject node) throws KubeException {
    KubeObject assigned = api.replace(Resource.PODS, pod.with(node.name(), "spec", "nodeName"));
    api.replaceStatus(
        Resource.PODS,
        PodStatus.condition(assigned, "PodScheduled", true, "").with("Pending", "status", "phase"));
  }

  private void unschedulable(KubeObject pod, String message) throws KubeException {
    KubeObject wanted = PodStatus.unschedulable(pod, message).with("Pending", "status", "phase");
    if (!wanted.equals(pod)) {
      event(pod, "Warning", "FailedScheduling", message);
      api.replaceStatus(Resource.PODS, wanted);
    }
  }
}
