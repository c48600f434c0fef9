package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.event.Recorder;
import dev.longshore.agent.expose.Exposer;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.agent.expose.PodVolumeExposer;
import dev.longshore.agent.expose.RestoreExposer;
import dev.longshore.agent.expose.SnapshotExposer;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Mirror;
import dev.longshore.kube.Pace;
import dev.longshore.kube.Resource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps all transfers moving: watches them and their pods, and has each one reconciled when
/// something happened to it or its time has come. For use by one thread, by [#step] alone; the same
/// steps run in a cluster and in a simulation.
public final class Controller implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Controller.class.getName());

  /// The lease has to be renewed in between.
  private static final int KEYS_PER_STEP = 20;

  private final KubeApi api;
  private final Pace pace;
  private final Map<TransferKind, Mirror> mirrors = new EnumMap<>(TransferKind.class);
  private final Mirror pods;
  private final ProgressTap tap;
  private final Transfers transfers;
  private final TransferReconciler reconciler;
  private final WorkQueue<Key> queue = new WorkQueue<>();

  /// Whose pods are whose: keys by UID.
  private final Map<String, Key> keys = new HashMap<>();

  /// When each transfer was asked about, if nothing was heard of it since.
  private final Map<Key, Instant> looked = new HashMap<>();

  /// UIDs by the names of pods, which say no more when they are gone.
  private final Map<String, String> podOwners = new HashMap<>();

  private record Key(TransferKind kind, String namespace, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      // Restores first, where both are due.
      int order = Boolean.compare(kind.isBackup(), other.kind.isBackup());
      order = order != 0 ? order : kind.compareTo(other.kind);
      order = order != 0 ? order : namespace.compareTo(other.namespace);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  /// @param namespace Velero's
  public Controller(
      KubeApi api,
      Pace pace,
      String namespace,
      Settings settings,
      PodTemplate template,
      Meter meter,
      Recorder events) {
    this.api = api;
    this.pace = pace;
    Progress progress = new Progress();
    this.transfers = new Transfers(settings.ownership(), pace.clock());
    for (TransferKind kind : settings.ownership().kinds()) {
      Mirror mirror =
          new Mirror(
              api,
              new Mirror.Scope(kind.resource(), namespace, ListOptions.ALL),
              pace,
              (in, name) -> changed(kind, in, name));
      mirrors.put(kind, mirror);
      transfers.add(kind, mirror::all);
    }
    this.pods =
        new Mirror(
            api,
            new Mirror.Scope(
                Resource.PODS, namespace, ListOptions.withLabels(Names.OWNER_UID_LABEL)),
            pace,
            this::podChanged);
    this.tap = new ProgressTap(api, namespace, pace.clock(), progress);
    Exposer uploads = new SnapshotExposer(api, template);
    Exposer downloads = new RestoreExposer(api, template);
    Exposer podVolumes = new PodVolumeExposer(api, template);
    this.reconciler =
        new TransferReconciler(
            new Workplace(api, pace.clock(), settings, transfers, progress, meter, events),
            kind ->
                switch (kind) {
                  case DATA_UPLOAD -> uploads;
                  case DATA_DOWNLOAD -> downloads;
                  case POD_VOLUME_BACKUP, POD_VOLUME_RESTORE -> podVolumes;
                });
  }

  /// Takes the news and does what is due, without waiting.
  ///
  /// @return how long from now there is nothing to do, unless something happens
  public Duration step() throws InterruptedException {
    boolean more = false;
    for (Mirror mirror : mirrors.values()) {
      more |= mirror.step(Duration.ZERO);
    }
    more |= pods.step(Duration.ZERO);
    tap.step();
    for (int i = 0; i < KEYS_PER_STEP; i++) {
      Optional<Key> due = queue.take(now());
      if (due.isEmpty()) {
        break;
      }
      reconcile(due.get());
    }
    if (more) {
      return Duration.ZERO;
    }
    return queue
        .next()
        .map(next -> Duration.between(now(), next))
        .map(left -> left.isNegative() ? Duration.ZERO : left)
        .orElse(Outcome.IDLE.again());
  }

  private Instant now() {
    return pace.clock().instant();
  }

  private void changed(TransferKind kind, String namespace, String name) {
    Key key = new Key(kind, namespace, name);
    Mirror mirror = mirrors.get(kind);
    if (mirror != null) {
      mirror
          .get(namespace, name)
          .ifPresent(object -> {
            keys.put(object.uid(), key);
            transfers.changed(object);
          });
    }
    looked.remove(key);
    queue.add(key, now());
  }

  private void podChanged(String namespace, String name) {
    pods.get(namespace, name)
        .ifPresent(pod -> podOwners.put(name, pod.label(Names.OWNER_UID_LABEL)));
    String owner =
        pods.get(namespace, name).isPresent() ? podOwners.get(name) : podOwners.remove(name);
    Key key = owner == null ? null : keys.get(owner);
    if (key != null) {
      looked.remove(key);
      queue.add(key, now());
    }
  }

  /// Many may wait for few: they are not all asked about every few seconds.
  private boolean isQueued(Key key) {
    Instant last = looked.get(key);
    Mirror mirror = mirrors.get(key.kind());
    return last != null
        && mirror != null
        && now().isBefore(last.plus(Outcome.IDLE.again()))
        && mirror
            .get(key.namespace(), key.name())
            .map(seen -> reconciler.isQueued(new Transfer(key.kind(), seen)))
            .orElse(false);
  }

  private void reconcile(Key key) {
    if (isQueued(key)) {
      queue.add(key, now().plus(Outcome.LATER.again()));
      return;
    }
    looked.put(key, now());
    try {
      // What the mirror has may be old, and some steps cannot be taken back.
      Transfer transfer =
          new Transfer(key.kind(), api.get(key.kind().resource(), key.namespace(), key.name()));
      Outcome outcome = reconciler.reconcile(transfer);
      queue.succeeded(key);
      if (outcome.equals(Outcome.DONE)) {
        return;
      }
      queue.add(key, now().plus(outcome.again()));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        keys.values().remove(key);
        looked.remove(key);
        queue.succeeded(key);
        return;
      }
      LOG.log(
          e.isConflict() ? Level.DEBUG : Level.WARNING,
          () -> "%s %s/%s: %s".formatted(key.kind(), key.namespace(), key.name(), e.getMessage()));
      queue.failed(key, now());
    }
  }

  /// The transfers that are ours, as they are known.
  public List<Transfer> transfers() {
    return transfers.all();
  }

  /// Whether everything has been listed at least once.
  public boolean isSynced() {
    return pods.synced() && mirrors.values().stream().allMatch(Mirror::synced);
  }

  @Override
  public void close() {
    mirrors.values().forEach(Mirror::close);
    pods.close();
    tap.close();
  }
}
