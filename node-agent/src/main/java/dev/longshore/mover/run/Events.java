package dev.longshore.mover.run;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Events about a mover's resource: its way of telling the controller how far it is. One that
/// cannot be sent is missing and no more. Thread-safe.
public final class Events implements AutoCloseable {
  private static final String COMPONENT = "data-mover";

  /// Of the last events, which tell most.
  private static final int ATTEMPTS = 3;

  private static final int RETRY_MILLIS = 1000;

  private final Surroundings surroundings;
  private final Optional<MovedResource> resource;
  private final Progress progress;
  private final MoverLog log;
  private final CountDownLatch end = new CountDownLatch(1);
  private @Nullable Thread ticker;

  /// @param resource the events are about; without one, none are sent
  public Events(
      Surroundings surroundings,
      Optional<MovedResource> resource,
      Progress progress,
      MoverLog log) {
    this.surroundings = surroundings;
    this.resource = resource;
    this.progress = progress;
    this.log = log.of(Events.class);
  }

  /// Tells that the work begins; from now on progress is told from time to time.
  public void started(String message) {
    send(TaskEvent.STARTED, message, 1);
    Thread thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::tick);
    ticker = thread;
    thread.start();
  }

  private void tick() {
    try {
      long millis = surroundings.timing().progress().toMillis();
      while (!end.await(millis, TimeUnit.MILLISECONDS)) {
        send(TaskEvent.PROGRESS, progressText(), 1);
        log.info("done " + progress.done() + " of " + progress.total() + " bytes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String progressText() {
    return JsonCodec.write(
        Json.Obj.EMPTY.with("totalBytes", progress.total()).with("doneBytes", progress.done()));
  }

  /// Tells how the work ended, after which nothing follows.
  ///
  /// @param reason one of [TaskEvent]
  public void ended(String reason, String message) {
    stopTicking();
    if (reason.equals(TaskEvent.COMPLETED)) {
      send(TaskEvent.PROGRESS, progressText(), 1);
    }
    send(reason, message, ATTEMPTS);
    send(TaskEvent.STOPPED, "the data path has stopped", ATTEMPTS);
  }

  /// Tells of something on the way.
  public void tell(String reason, String message) {
    send(reason, message, 1);
  }

  private void send(String reason, String message, int attempts) {
    if (resource.isEmpty() || surroundings.kube().isEmpty()) {
      return;
    }
    KubeObject event = event(resource.get(), reason, message);
    for (int attempt = 1; ; attempt++) {
      try {
        KubeApi kube = surroundings.kube().get();
        var _ = kube.create(Resource.EVENTS, event);
        return;
      } catch (KubeException e) {
        if (attempt >= attempts || e.isForbidden() || e.isConflict()) {
          log.debug("cannot send the event " + reason + ": " + Reasons.message(e));
          return;
        }
      }
      try {
        surroundings.timing().sleeper().sleep(Duration.ofMillis(RETRY_MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private KubeObject event(MovedResource about, String reason, String message) {
    byte[] suffix = new byte[8];
    surroundings.random().nextBytes(suffix);
    Instant now = surroundings.clock().instant();
    Json.Obj involved =
        Json.Obj.EMPTY
            .with("apiVersion", about.resource().apiVersion())
            .with("kind", about.resource().kind())
            .with("namespace", about.namespace())
            .with("name", about.name());
    if (!about.uid().isEmpty()) {
      involved = involved.with("uid", about.uid());
    }
    Json.Obj source = Json.Obj.of("component", new Json.Str(COMPONENT));
    String node = surroundings.variable("NODE_NAME");
    if (!node.isEmpty()) {
      source = source.with("host", node);
    }
    String type = reason.equals(TaskEvent.FAILED) ? "Warning" : "Normal";
    return KubeObject.of(
            Resource.EVENTS,
            about.namespace(),
            about.name() + "." + HexFormat.of().formatHex(suffix))
        .with(involved, "involvedObject")
        .with(reason, "reason")
        .with(message, "message")
        .with(source, "source")
        .with(type, "type")
        .with(now, "firstTimestamp")
        .with(now, "lastTimestamp")
        .with(1, "count")
        .with(COMPONENT, "reportingComponent")
        .with(node, "reportingInstance");
  }

  private void stopTicking() {
    end.countDown();
    Thread running = ticker;
    if (running != null) {
      try {
        running.join(TimeUnit.SECONDS.toMillis(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    end.countDown();
  }
}
