package dev.longshore.mover.run;

import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Looks at the mover's resource: whether to begin, and whether to stop. By its state each time,
/// not by changes of it, of which one may be missed.
public final class ResourceWatch {
  private static final Set<String> OVER = Set.of("Completed", "Failed", "Canceled", "Canceling");

  private final KubeApi kube;
  private final MovedResource resource;
  private final Surroundings.Timing timing;
  private final MoverLog log;

  public ResourceWatch(
      KubeApi kube, MovedResource resource, Surroundings.Timing timing, MoverLog log) {
    this.kube = kube;
    this.resource = resource;
    this.timing = timing;
    this.log = log.of(ResourceWatch.class);
  }

  /// Waits until the resource is in progress, or there is nothing to begin any more; then the token
  /// is cancelled.
  public void awaitStart(CancelToken cancel) throws InterruptedException {
    String told = "";
    while (!cancel.isCancelled()) {
      String state;
      try {
        KubeObject now = kube.get(resource.resource(), resource.namespace(), resource.name());
        String why = stops(now);
        state = now.text("status", "phase");
        if (!why.isEmpty() || OVER.contains(state)) {
          log.info("nothing to begin: " + (why.isEmpty() ? "the phase is " + state : why));
          cancel.cancel();
          return;
        }
        if (state.equals("InProgress")) {
          return;
        }
        state = "the phase is " + (state.isEmpty() ? "not set" : state);
      } catch (KubeException e) {
        if (e.isNotFound()) {
          log.info("nothing to begin: the resource is gone");
          cancel.cancel();
          return;
        }
        state = Reasons.message(e);
      }
      if (!state.equals(told)) {
        log.info("waiting until " + resource + " is in progress: " + state);
        told = state;
      }
      timing.sleeper().sleep(timing.phase());
    }
  }

  /// Why the mover is to stop; empty if it is not.
  private String stops(KubeObject now) {
    if (!resource.uid().isEmpty() && !now.uid().equals(resource.uid())) {
      return "the resource was replaced by another";
    }
    return now.flag("spec", "cancel") ? "it is canceled" : "";
  }

  /// Cancels a token once the resource says so, until it is closed.
  public Canceller cancelling(CancelToken cancel) {
    return new Canceller(cancel);
  }

  /// Looks from time to time.
  public final class Canceller implements AutoCloseable {
    private final CancelToken cancel;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;

    private Canceller(CancelToken cancel) {
      this.cancel = cancel;
      this.thread = Thread.ofPlatform().daemon().name("cancel").unstarted(this::run);
      thread.start();
    }

    private void run() {
      try {
        while (!end.await(timing.cancel().toMillis(), TimeUnit.MILLISECONDS)
            && !cancel.isCancelled()) {
          look();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void look() {
      try {
        String why = stops(kube.get(resource.resource(), resource.namespace(), resource.name()));
        if (!why.isEmpty()) {
          log.info("stopping: " + why);
          cancel.cancel();
        }
      } catch (KubeException e) {
        if (e.isNotFound()) {
          log.info("stopping: the resource is gone");
          cancel.cancel();
        } else {
          log.debug("cannot look at the resource: " + Reasons.message(e));
        }
      }
    }

    @Override
    public void close() {
      end.countDown();
      thread.interrupt();
    }
  }
}
