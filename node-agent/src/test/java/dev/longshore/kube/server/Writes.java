package dev.longshore.kube.server;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// What writes do to objects. Guarded by the server's lock.
final class Writes {
  /// Without the letters and digits that make words or are mistaken for others.
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX_LENGTH = 5;
  private static final int STANDARD_GRACE_SECONDS = 30;

  private static final List<String> SYSTEM_FIELDS =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "resourceVersion");

  private final Store store;
  private final InstantSource clock;
  private final RandomGenerator random;

  Writes(Store store, InstantSource clock, RandomGenerator random) {
    this.store = store;
    this.clock = clock;
    this.random = random;
  }

  KubeObject create(Kind kind, KubeObject sent) throws KubeException {
    if (!sent.resourceVersion().isEmpty()) {
      throw new KubeException(
          500, "", "resourceVersion should not be set on objects to be created");
    }
    KubeObject named = named(kind, sent);
    if (store.find(kind, named.namespace(), named.name()) != null) {
      throw Failures.alreadyThere(kind, named.name());
    }
    KubeObject made = named;
    for (String field : SYSTEM_FIELDS) {
      made = made.without("metadata", field);
    }
    made = made.with(uid(), "metadata", "uid").with(now(0), "metadata", "creationTimestamp");
    if (kind.generation()) {
      made = made.with(1, "metadata", "generation");
    }
    if (kind.status() && !kind.is(Resource.NODES)) {
      made = Rules.withFirstStatus(kind, made.without("status"));
    }
    return store.put(kind, Rules.checked(kind, null, made));
  }

  private KubeObject named(Kind kind, KubeObject sent) throws KubeException {
    KubeObject object = typed(kind, sent);
    if (kind.resource().namespaced() && object.namespace().isEmpty()) {
      throw Failures.bad("an empty namespace may not be set during creation");
    }
    if (!kind.resource().namespaced() && !object.namespace().isEmpty()) {
      throw Failures.invalid(
          kind, object.name(), List.of("metadata.namespace: Forbidden: not allowed on this type"));
    }
    String prefix = object.text("metadata", "generateName");
    while (object.name().isEmpty() && !prefix.isEmpty()) {
      String name = prefix + suffix();
      if (store.find(kind, object.namespace(), name) == null) {
        object = object.with(name, "metadata", "name");
      }
    }
    return object;
  }

  private static KubeObject typed(Kind kind, KubeObject sent) throws KubeException {
    String apiVersion = sent.text("apiVersion");
    if (!Set.of("", kind.resource().apiVersion()).contains(apiVersion)
        || !Set.of("", kind.resource().kind()).contains(sent.kind())) {
      throw Failures.bad(
          "the object is a %s of %s and the address is of %s of %s"
              .formatted(
                  sent.kind(), apiVersion, kind.resource().kind(), kind.resource().apiVersion()));
    }
    return sent.with(kind.resource().apiVersion(), "apiVersion")
        .with(kind.resource().kind(), "kind");
  }

  private String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      suffix.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
    }
    return suffix.toString();
  }

  private String uid() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(0xC0L << 56)) | (0x80L << 56);
    return new UUID(high, low).toString();
  }

  private Instant now(long plusSeconds) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(plusSeconds);
  }

  private KubeObject existing(Kind kind, String namespace, String name) throws KubeException {
    KubeObject existing = store.find(kind, namespace, name);
    if (existing == null) {
      throw Failures.notFound(kind, name);
    }
    return existing;
  }

  KubeObject replace(Kind kind, KubeObject sent, boolean status) throws KubeException {
    KubeObject object = typed(kind, sent);
    KubeObject existing = existing(kind, object.namespace(), object.name());
    checkIdentity(kind, existing, object);
    if (object.resourceVersion().isEmpty() && (kind.custom() || kind.is(Resource.LEASES))) {
      throw Failures.invalid(
          kind,
          object.name(),
          List.of("metadata.resourceVersion: Invalid value: 0: must be specified for an update"));
    }
    if (status) {
      return commit(kind, existing, withStatusOf(object, existing), true);
    }
    return commit(kind, existing, kind.status() ? withStatusOf(existing, object) : object, false);
  }

  /// The second object with the status of the first.
  private static KubeObject withStatusOf(KubeObject first, KubeObject second) {
    Json status = first.at("status");
    return status == null ? second.without("status") : second.with(status, "status");
  }

  private static void checkIdentity(Kind kind, KubeObject existing, KubeObject sent)
      throws KubeException {
    if (!sent.uid().isEmpty() && !sent.uid().equals(existing.uid())) {
      throw Failures.conflict(
          kind,
          existing.name(),
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(sent.uid(), existing.uid()));
    }
    if (!sent.resourceVersion().isEmpty()
        && !sent.resourceVersion().equals(existing.resourceVersion())) {
      throw Failures.stale(kind, existing.name());
    }
  }

  KubeObject patch(Kind kind, KubeObject place, Json.Obj patch, boolean status)
      throws KubeException {
    KubeObject existing = existing(kind, place.namespace(), place.name());
    checkIdentity(kind, existing, new KubeObject(patch));
    KubeObject patched = new KubeObject(MergePatch.apply(existing.json(), patch));
    if (!patched.name().equals(existing.name())
        || !patched.namespace().equals(existing.namespace())) {
      throw Failures.bad(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(patched.name(), existing.name()));
    }
    KubeObject next =
        !kind.status()
            ? patched
            : status ? withStatusOf(patched, existing) : withStatusOf(existing, patched);
    return commit(kind, existing, next, status);
  }

  /// Keeps what an update makes of an object.
  KubeObject commit(Kind kind, KubeObject existing, KubeObject wanted, boolean status)
      throws KubeException {
    KubeObject next = wanted;
    for (String field : SYSTEM_FIELDS) {
      Json value = existing.at("metadata", field);
      next = value == null ? next.without("metadata", field) : next.with(value, "metadata", field);
    }
    next = Rules.checked(kind, existing, next);
    if (next.equals(existing)) {
      return existing;
    }
    if (kind.generation() && !status && Rules.specificationChanged(kind, existing, next)) {
      next = next.with(existing.number("metadata", "generation") + 1, "metadata", "generation");
    }
    if (next.isBeingDeleted()
        && next.finalizers().isEmpty()
        && next.number("metadata", "deletionGracePeriodSeconds") == 0) {
      return store.remove(kind, next);
    }
    return store.put(kind, next);
  }

  void delete(Kind kind, KubeObject place, DeleteOptions options) throws KubeException {
    KubeObject existing = existing(kind, place.namespace(), place.name());
    if (!options.uid().isEmpty() && !options.uid().equals(existing.uid())) {
      checkIdentity(kind, existing, existing.with(options.uid(), "metadata", "uid"));
    }
    long grace = kind.is(Resource.PODS) ? podGrace(existing, options) : 0;
    boolean first = !existing.isBeingDeleted();
    boolean removable = grace == 0 && existing.finalizers().isEmpty();
    if (removable) {
      store.remove(kind, existing);
      return;
    }
    if (!first && grace >= existing.number("metadata", "deletionGracePeriodSeconds")) {
      return;
    }
    KubeObject marked =
        existing
            .with(now(grace), "metadata", "deletionTimestamp")
            .with(grace, "metadata", "deletionGracePeriodSeconds");
    long generation = existing.number("metadata", "generation");
    store.put(
        kind,
        first && generation > 0 ? marked.with(generation + 1, "metadata", "generation") : marked);
  }

  private static long podGrace(KubeObject pod, DeleteOptions options) {
    boolean ended = Set.of("Succeeded", "Failed").contains(pod.text("status", "phase"));
    if (pod.text("spec", "nodeName").isEmpty() || ended) {
      return 0;
    }
    if (options.graceSeconds() >= 0) {
      return options.graceSeconds();
    }
    return pod.at("spec", "terminationGracePeriodSeconds") == null
        ? STANDARD_GRACE_SECONDS
        : pod.number("spec", "terminationGracePeriodSeconds");
  }

  /// Deletes what has lost all of its owners, and takes lost owners from what has others.
  ///
  /// @return how many objects it changed
  int collect(Kinds kinds) throws KubeException {
    int changed = 0;
    for (Kind kind : kinds.all()) {
      for (KubeObject object : new ArrayList<>(store.of(kind).values())) {
        changed += collect(kinds, kind, object) ? 1 : 0;
      }
    }
    return changed;
  }

  private boolean collect(Kinds kinds, Kind kind, KubeObject object) throws KubeException {
    List<Json.Obj> owners = object.array("metadata", "ownerReferences").objects();
    List<Json> present = new ArrayList<>();
    for (Json.Obj owner : owners) {
      if (Rules.mayExist(kinds, store, object, new KubeObject(owner))) {
        present.add(owner);
      }
    }
    if (present.size() == owners.size()) {
      return false;
    }
    if (present.isEmpty()) {
      if (object.isBeingDeleted()) {
        return false;
      }
      delete(kind, object, DeleteOptions.of(object));
    } else {
      commit(
          kind, object, object.with(new Json.Arr(present), "metadata", "ownerReferences"), false);
    }
    return true;
  }
}
