package dev.longshore.agent.world;

import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A participant that does the work of one of a cluster's controllers: it looks at objects, does
/// what is due, and comes back to what failed.
public abstract class StandIn implements Participant {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 6;

  protected final KubeApi api;
  protected final FakeClock clock;
  protected final RandomGenerator random;
  protected final Troubles troubles;
  protected final Timers timers;
  private final Delays delays;
  private final Map<String, Integer> failures = new HashMap<>();

  protected StandIn(Site site) {
    this.api = site.api();
    this.clock = site.clock();
    this.random = site.random();
    this.delays = site.delays();
    this.troubles = site.troubles();
    this.timers = new Timers(site.clock(), site.random());
  }

  /// Work on one object.
  @FunctionalInterface
  protected interface Work {
    void on(KubeObject object) throws KubeException;
  }

  @Override
  public final Duration step() {
    timers.begin();
    try {
      work();
    } catch (KubeException _) {
      timers.wakeIn(RETRY);
    }
    return timers.soonest();
  }

  /// One turn.
  ///
  /// @throws KubeException which ends the turn; another one follows soon
  protected abstract void work() throws KubeException;

  /// Does something with every object of a kind; a failure does not keep it from the others.
  protected final void each(Resource resource, Work work) throws KubeException {
    for (KubeObject object : list(resource, "")) {
      try {
        work.on(object);
      } catch (KubeException _) {
        timers.wakeIn(RETRY);
      }
    }
  }

  /// Whether the time that something takes has passed since this was first asked.
  protected final boolean isDone(Delays.Of what, KubeObject object) {
    return timers.isOver(what + " " + object.uid(), delays.of(what));
  }

  /// Comes back to a failure later, and each time later than the time before.
  protected final void retry(Delays.Of what, KubeObject object) {
    String name = what + " " + object.uid();
    int times = failures.merge(name, 1, Integer::sum);
    timers.restart(name, Delay.of(RETRY.multipliedBy(1L << Math.min(times - 1, MAX_DOUBLINGS))));
  }

  protected final List<KubeObject> list(Resource resource, String namespace) throws KubeException {
    return api.list(resource, namespace, ListOptions.ALL).items();
  }

  protected final Optional<KubeObject> find(Resource resource, String namespace, String name)
      throws KubeException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(api.get(resource, namespace, name));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Deletes an object, if it is there and nobody has asked yet.
  protected final void delete(Resource resource, KubeObject object) throws KubeException {
    if (object.isBeingDeleted()) {
      return;
    }
    try {
      api.delete(resource, object.namespace(), object.name(), DeleteOptions.of(object));
    } catch (KubeException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  /// Makes an object, unless it is there.
  protected final void ensure(Resource resource, KubeObject object) throws KubeException {
    try {
      api.create(resource, object);
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  /// Sets a finalizer or takes it away, where that changes something.
  protected final KubeObject finalizer(
      Resource resource, KubeObject object, String finalizer, boolean wanted) throws KubeException {
    if (object.finalizers().contains(finalizer) == wanted) {
      return object;
    }
    return api.replace(
        resource, wanted ? object.withFinalizer(finalizer) : object.withoutFinalizer(finalizer));
  }

  /// Reports something about an object, as controllers do.
  protected final void event(KubeObject about, String type, String reason, String message)
      throws KubeException {
    Events.send(api, clock, new Events.Note(about, type, reason, message));
  }

  /// An object reference.
  protected static Json.Obj reference(KubeObject object) {
    return Events.reference(object);
  }
}
