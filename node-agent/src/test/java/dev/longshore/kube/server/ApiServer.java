package dev.longshore.kube.server;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeList;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A Kubernetes API in memory. As a [KubeApi] it is the administrator's; [#asUser] gives those of
/// others, who may do what [#access] grants. Namespaces need not exist. Has no threads: what
/// Kubernetes does in the background happens when the owner calls [#collect].
///
/// Safe for use by many threads.
public final class ApiServer implements KubeApi {
  private final Shared shared =
      new Shared(new Store(), new ReentrantLock(), new Kinds(), new ArrayList<>());
  private final Access access = new Access();
  private final Counters counters = new Counters();
  private final Faults faults;
  private final Writes writes;
  private final Reads reads;
  private final Tokens tokens;
  private final KubeApi admin = new UserApi(this, "");

  /// What the parts of a server share.
  ///
  /// @param lock guards the rest
  /// @param changed signalled when a watch may have something to report
  record Shared(
      Store store, ReentrantLock lock, Condition changed, Kinds kinds, List<ServerWatch> watches) {
    Shared(Store store, ReentrantLock lock, Kinds kinds, List<ServerWatch> watches) {
      this(store, lock, lock.newCondition(), kinds, watches);
    }
  }

  /// @param clock for creation and deletion times
  /// @param random for names and UIDs; used under the server's lock
  public ApiServer(InstantSource clock, RandomGenerator random) {
    faults = new Faults(new SplittableRandom(random.nextLong()));
    writes = new Writes(shared.store(), clock, random);
    reads = new Reads(shared.store());
    tokens = new Tokens(clock);
  }

  /// A server with Velero's kinds and those of volume snapshots.
  public static ApiServer withVelero(
      Generation generation, InstantSource clock, RandomGenerator random) {
    ApiServer server = new ApiServer(clock, random);
    generation.definitions().forEach(server::define);
    return server;
  }

  /// Adds the kind of a CustomResourceDefinition, and keeps the definition as an object.
  public void define(KubeObject definition) {
    shared.kinds().define(definition);
    try {
      create(Kinds.DEFINITIONS, definition.without("metadata", "resourceVersion"));
    } catch (KubeException e) {
      throw new IllegalArgumentException("a definition that the server refuses", e);
    }
  }

  /// Adds a built-in kind that the server does not have; without a status subresource.
  public void register(Resource resource) {
    shared.kinds().add(resource);
  }

  /// The name of a service account as a user.
  public static String serviceAccount(String namespace, String name) {
    return "system:serviceaccount:" + namespace + ":" + name;
  }

  /// The API as a user sees it.
  public KubeApi asUser(String user) {
    return new UserApi(this, user);
  }

  public Access access() {
    return access;
  }

  public Faults faults() {
    return faults;
  }

  /// What was issued to service accounts.
  public Tokens tokens() {
    return tokens;
  }

  public Counters counters() {
    return counters;
  }

  /// The kind at an address; null if there is none.
  @Nullable Resource resource(String group, String version, String plural) {
    Kind kind = shared.kinds().at(group, version, plural);
    return kind == null ? null : kind.resource();
  }

  /// Deletes what has lost its owners, until there is no more.
  public void collect() {
    change(() -> {
      while (writes.collect(shared.kinds()) > 0) {
        // those who depend on what was just deleted
      }
    });
  }

  /// Forgets the past: watches from earlier versions and later pages of earlier lists fail as gone,
  /// and so do open watches that have not read everything.
  public void compact() {
    change(() -> {
      shared.watches().forEach(ServerWatch::compact);
      shared.store().compact();
    });
  }

  /// Sends the current version to all open watches.
  public void bookmark() {
    change(() -> shared.store().bookmark());
  }

  /// Cuts the connections of open watches.
  ///
  /// @return how many
  public int dropWatches(Predicate<Request> which) {
    int[] count = new int[1];
    change(() -> {
      for (ServerWatch watch : shared.watches()) {
        if (watch.isOpen() && which.test(watch.request())) {
          watch.end(ServerWatch.State.DROPPED);
          count[0]++;
        }
      }
    });
    return count[0];
  }

  /// How many watches are open.
  public int openWatches() {
    shared.lock().lock();
    try {
      shared.watches().removeIf(watch -> !watch.isOpen());
      return shared.watches().size();
    } finally {
      shared.lock().unlock();
    }
  }

  /// All objects of a kind; no request, so neither counted nor refused.
  public List<KubeObject> all(Resource resource) {
    return locked(() -> List.copyOf(shared.store().of(shared.kinds().of(resource)).values()));
  }

  /// An object, or null; no request.
  public @Nullable KubeObject find(Resource resource, String namespace, String name) {
    shared.lock().lock();
    try {
      return shared.store().find(shared.kinds().of(resource), namespace, name);
    } catch (KubeException e) {
      throw new IllegalArgumentException(e);
    } finally {
      shared.lock().unlock();
    }
  }

  /// The version of the last change.
  public String version() {
    return locked(() -> shared.store().version());
  }

  /// A request of the test itself, which cannot be refused.
  private <T> T locked(Operation<T> operation) {
    shared.lock().lock();
    try {
      T result = operation.run();
      shared.changed().signalAll();
      return result;
    } catch (KubeException e) {
      throw new IllegalStateException(e);
    } finally {
      shared.lock().unlock();
    }
  }

  /// A change by the test itself.
  private void change(Step step) {
    boolean _ =
        locked(() -> {
          step.run();
          return true;
        });
  }

  @FunctionalInterface
  private interface Step {
    void run() throws KubeException;
  }

  /// What happens with the lock held.
  @FunctionalInterface
  interface Operation<T extends @Nullable Object> {
    T run() throws KubeException;
  }

  /// Counts a request, refuses or breaks it where it should be, and else does it.
  <T extends @Nullable Object> T perform(
      Request request, String fieldSelector, Operation<T> operation) throws KubeException {
    counters.add(request);
    access.check(request, fieldSelector);
    Faults.Plan plan = faults.plan(request);
    if (plan != null) {
      for (Faults.Action action : plan.before()) {
        action.run(request);
      }
    }
    T result;
    shared.lock().lock();
    try {
      result = operation.run();
      shared.changed().signalAll();
    } finally {
      shared.lock().unlock();
    }
    if (plan != null) {
      for (Faults.Action action : plan.after()) {
        action.run(request);
      }
    }
    return result;
  }

  Kind kind(Resource resource) throws KubeException {
    return shared.kinds().of(resource);
  }

  Writes writes() {
    return writes;
  }

  Reads reads() {
    return reads;
  }

  /// Opens a watch. Called with the lock held.
  Watch open(Request request, ListOptions options) throws KubeException {
    Kind kind = shared.kinds().of(request.resource());
    Predicate<KubeObject> selection =
        Selectors.of(kind, request.namespace(), options.labelSelector(), options.fieldSelector());
    String from = options.resourceVersion();
    boolean fromNow = from.isEmpty() || from.equals("0");
    Collection<KubeObject> initial =
        fromNow ? shared.store().of(kind).values().stream().filter(selection).toList() : List.of();
    long position = fromNow ? shared.store().endPosition() : shared.store().positionAfter(from);
    ServerWatch watch =
        new ServerWatch(
            request, new ServerWatch.Selection(kind, selection), shared, initial, position);
    shared.watches().removeIf(one -> !one.isOpen());
    shared.watches().add(watch);
    return watch;
  }

  @Override
  public KubeObject get(Resource resource, String namespace, String name) throws KubeException {
    return admin.get(resource, namespace, name);
  }

  @Override
  public KubeList list(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return admin.list(resource, namespace, options);
  }

  @Override
  public KubeObject create(Resource resource, KubeObject object) throws KubeException {
    return admin.create(resource, object);
  }

  @Override
  public KubeObject replace(Resource resource, KubeObject object) throws KubeException {
    return admin.replace(resource, object);
  }

  @Override
  public KubeObject replaceStatus(Resource resource, KubeObject object) throws KubeException {
    return admin.replaceStatus(resource, object);
  }

  @Override
  public KubeObject patch(Resource resource, String namespace, String name, Json.Obj patch)
      throws KubeException {
    return admin.patch(resource, namespace, name, patch);
  }

  @Override
  public void delete(Resource resource, String namespace, String name, DeleteOptions options)
      throws KubeException {
    admin.delete(resource, namespace, name, options);
  }

  @Override
  public KubeObject createToken(String namespace, String serviceAccount, KubeObject request)
      throws KubeException {
    return admin.createToken(namespace, serviceAccount, request);
  }

  @Override
  public Watch watch(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return admin.watch(resource, namespace, options);
  }
}
