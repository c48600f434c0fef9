package dev.longshore.agent.reconcile;

import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;
import dev.longshore.kube.WatchEvent;
import dev.longshore.mover.task.TaskEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Listens to what movers say of their progress. Nothing is kept but the last numbers of each; what
/// is missed is said again within seconds. For use by one thread.
final class ProgressTap implements AutoCloseable {
  private static final int EVENTS_PER_STEP = 1000;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final KubeApi api;
  private final String namespace;
  private final InstantSource clock;
  private final Progress progress;
  private @Nullable Watch watch;
  private Instant pausedUntil = Instant.MIN;

  ProgressTap(KubeApi api, String namespace, InstantSource clock, Progress progress) {
    this.api = api;
    this.namespace = namespace;
    this.clock = clock;
    this.progress = progress;
  }

  /// Takes what is there.
  void step() {
    if (clock.instant().isBefore(pausedUntil)) {
      return;
    }
    try {
      Watch open = watch == null ? open() : watch;
      watch = open;
      for (int i = 0; i < EVENTS_PER_STEP; i++) {
        WatchEvent event = open.next(Duration.ZERO);
        if (event == null) {
          return;
        }
        if (event.type() == WatchEvent.Type.ADDED || event.type() == WatchEvent.Type.MODIFIED) {
          note(event.object());
        }
      }
    } catch (KubeException e) {
      close();
      pausedUntil = clock.instant().plus(PAUSE);
    }
  }

  private Watch open() throws KubeException {
    ListOptions selection = ListOptions.withFields("reason=" + TaskEvent.PROGRESS);
    // Only where the watch begins is wanted of the list.
    String version = api.list(Resource.EVENTS, namespace, selection.page(1, "")).resourceVersion();
    return api.watch(Resource.EVENTS, namespace, selection.from(version));
  }

  private void note(KubeObject event) {
    try {
      KubeObject numbers = new KubeObject(JsonCodec.parseObject(event.text("message")));
      progress.note(
          event.text("involvedObject", "uid"),
          Math.max(0, numbers.number("totalBytes")),
          Math.max(0, numbers.number("doneBytes")),
          clock.instant());
    } catch (IOException e) {
      // Somebody else's event; nothing depends on it.
    }
  }

  @Override
  public void close() {
    Watch open = watch;
    watch = null;
    if (open != null) {
      open.close();
    }
  }
}
