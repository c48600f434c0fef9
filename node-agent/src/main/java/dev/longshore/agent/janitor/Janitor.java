package dev.longshore.agent.janitor;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeLists;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Looks now and then for objects that bear our label and whose transfer is gone, and for volumes
/// that a claim of ours has left.
///
/// A transfer is not let go of before it is cleaned up, so that there should be none; but
/// finalizers are removed by hand, namespaces and clusters are restored, and storage fails to
/// delete. What is younger than an hour is left alone, and so is what is kept on purpose: a
/// snapshot that the next backup compares with has lost that label. For use by one thread.
public final class Janitor {
  private static final Logger LOG = System.getLogger(Janitor.class.getName());

  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration OLD = Duration.ofHours(1);

  /// In the order in which they depend on each other.
  private static final List<Resource> KINDS =
      List.of(
          Resource.PODS,
          Resource.CLAIMS,
          Resource.VOLUME_SNAPSHOTS,
          Resource.VOLUME_SNAPSHOT_CONTENTS);

  private final KubeApi api;
  private final InstantSource clock;
  private final String namespace;
  private final boolean removes;
  private final Listener listener;
  private Instant next;

  /// Is told what was found.
  @FunctionalInterface
  public interface Listener {
    /// @param counts objects by kind, with all kinds that are looked for
    /// @param titles `Kind namespace/name` of each
    void found(Map<String, Integer> counts, List<String> titles);
  }

  /// @param namespace Velero's
  /// @param removes whether what is found is deleted
  public Janitor(
      KubeApi api, InstantSource clock, String namespace, boolean removes, Listener listener) {
    this.api = api;
    this.clock = clock;
    this.namespace = namespace;
    this.removes = removes;
    this.listener = listener;
    // A new leader sees first to what is urgent.
    this.next = clock.instant().plus(EVERY.dividedBy(5));
  }

  /// Looks, if it is time to.
  ///
  /// @return how long until the next look
  public Duration step() {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      next = now.plus(EVERY);
      try {
        look();
      } catch (KubeException e) {
        LOG.log(Level.WARNING, () -> "looking for leaked objects: " + e.getMessage());
      }
    }
    return Duration.between(now, next);
  }

  private void look() throws KubeException {
    List<Leak> leaks = new ArrayList<>();
    // What is there is listed before its owners, or a new one would have none.
    for (Resource kind : KINDS) {
      for (KubeObject object : labelled(kind)) {
        leaks.add(new Leak(kind, object));
      }
    }
    leaks.removeIf(leak -> !isOld(leak.object()));
    Set<String> living = living();
    leaks.removeIf(leak -> living.contains(leak.object().label(Names.OWNER_UID_LABEL)));
    leaks.addAll(abandonedVolumes());
    Map<String, Integer> counts = new TreeMap<>();
    KINDS.forEach(kind -> counts.put(kind.kind(), 0));
    counts.put(Resource.VOLUMES.kind(), 0);
    List<String> titles = new ArrayList<>();
    for (Leak leak : leaks) {
      counts.merge(leak.kind().kind(), 1, Integer::sum);
      titles.add(leak.title());
      LOG.log(
          Level.WARNING,
          () ->
              "%s belongs to nobody any more%s"
                  .formatted(leak.title(), removes ? ": removing it" : ""));
    }
    listener.found(counts, titles);
    if (removes) {
      for (Leak leak : leaks) {
        remove(leak);
      }
    }
  }

  private record Leak(Resource kind, KubeObject object) {
    String title() {
      return object.namespace().isEmpty()
          ? kind.kind() + " " + object.name()
          : "%s %s/%s".formatted(kind.kind(), object.namespace(), object.name());
    }
  }

  private List<KubeObject> labelled(Resource kind) throws KubeException {
    return KubeLists.all(
            api,
            kind,
            kind.namespaced() ? namespace : "",
            ListOptions.withLabels(Names.OWNER_UID_LABEL))
        .items();
  }

  private boolean isOld(KubeObject object) {
    return !object.isBeingDeleted()
        && object.created().orElse(Instant.MAX).isBefore(clock.instant().minus(OLD));
  }

  /// The UIDs of all that may own something: transfers of all kinds, whichever way the agent runs,
  /// and repositories.
  private Set<String> living() throws KubeException {
    Set<String> uids = new HashSet<>();
    List<Resource> owners = new ArrayList<>();
    for (TransferKind kind : TransferKind.values()) {
      owners.add(kind.resource());
    }
    owners.add(Velero.BACKUP_REPOSITORIES);
    for (Resource owner : owners) {
      for (KubeObject one : KubeLists.all(api, owner, namespace, ListOptions.ALL).items()) {
        uids.add(one.uid());
      }
    }
    return uids;
  }

  /// Volumes whose claim was one of ours and is gone, as they stay where a policy says so.
  private List<Leak> abandonedVolumes() throws KubeException {
    List<Leak> leaks = new ArrayList<>();
    for (KubeObject volume : KubeLists.all(api, Resource.VOLUMES, "", ListOptions.ALL).items()) {
      boolean ours =
          volume.text("spec", "claimRef", "namespace").equals(namespace)
              && volume.text("spec", "claimRef", "name").startsWith(Names.object(""));
      if (ours && volume.text("status", "phase").equals("Released") && isOld(volume)) {
        leaks.add(new Leak(Resource.VOLUMES, volume));
      }
    }
    return leaks;
  }

  private void remove(Leak leak) {
    KubeObject object = leak.object();
    try {
      if (leak.kind().equals(Resource.VOLUMES)) {
        // Its disk goes with it.
        var _ =
            api.patch(
                Resource.VOLUMES,
                "",
                object.name(),
                Json.Obj.of(
                    "spec", Json.Obj.EMPTY.with("persistentVolumeReclaimPolicy", "Delete")));
        return;
      }
      api.delete(leak.kind(), object.namespace(), object.name(), DeleteOptions.of(object));
    } catch (KubeException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        LOG.log(Level.WARNING, () -> "%s stays: %s".formatted(leak.title(), e.getMessage()));
      }
    }
  }
}
