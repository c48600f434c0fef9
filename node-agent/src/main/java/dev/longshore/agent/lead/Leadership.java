package dev.longshore.agent.lead;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Leads while a Lease names it. For use by one thread.
///
/// Whether another holder has given up is judged by how long its lease has not changed before our
/// own eyes, so that clocks may differ. Two leaders at once, after a pause of the process, do no
/// harm: what they write is checked against what they have read.
public final class Leadership {
  private static final Logger LOG = System.getLogger(Leadership.class.getName());

  /// A holder that has not renewed for so long has given up.
  public static final Duration DURATION = Duration.ofSeconds(15);

  private static final Duration RENEW = Duration.ofSeconds(5);

  /// A leader that could not renew for so long stops, before others take over.
  private static final Duration GIVE_UP = Duration.ofSeconds(10);

  /// What follows the pod's name in an identity; no such name has it.
  public static final char POD_END = '_';

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubeApi api;
  private final InstantSource clock;
  private final String namespace;
  private final String name;
  private final String identity;

  private boolean leading;
  private Instant renewed = Instant.MIN;
  private Instant next = Instant.MIN;

  /// The other's lease as it was seen, and since when it has been like that.
  private String seenVersion = "";

  private Instant seenSince = Instant.MIN;

  /// @param identity who this is, unique among all that ever ask: the name of its pod, [#POD_END],
  ///   and more; or, out of a pod, anything without that character
  public Leadership(
      KubeApi api, InstantSource clock, String namespace, String name, String identity) {
    this.api = api;
    this.clock = clock;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
  }

  /// Renews or asks, if it is time to.
  ///
  /// @return whether this is the leader
  public boolean step() {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      try {
        ask(now);
      } catch (KubeException e) {
        LOG.log(Level.WARNING, () -> "lease %s: %s".formatted(name, e.getMessage()));
      }
      next = now.plus(leading ? RENEW : RENEW.dividedBy(2));
    }
    if (leading && Duration.between(renewed, now).compareTo(GIVE_UP) > 0) {
      LOG.log(Level.WARNING, "lost the lease: it could not be renewed");
      leading = false;
    }
    return leading;
  }

  /// How long until the next step at the latest.
  public Duration untilNext() {
    Duration left = Duration.between(clock.instant(), next);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void ask(Instant now) throws KubeException {
    Optional<KubeObject> found = find();
    if (found.isEmpty()) {
      create(now);
      return;
    }
    KubeObject lease = found.get();
    String holder = lease.text("spec", "holderIdentity");
    if (!holder.equals(identity) && !holder.isEmpty() && !pod(holder).equals(pod(identity))) {
      leading = false;
      if (!lease.resourceVersion().equals(seenVersion)) {
        seenVersion = lease.resourceVersion();
        seenSince = now;
        return;
      }
      if (Duration.between(seenSince, now).compareTo(DURATION) < 0) {
        return;
      }
    }
    take(lease, now, !holder.equals(identity));
  }

  /// The pod of a holder: whoever ran in this agent's own pod before has ended.
  private static String pod(String holder) {
    int end = holder.indexOf(POD_END);
    return end < 0 ? holder : holder.substring(0, end);
  }

  private Optional<KubeObject> find() throws KubeException {
    return api.lookUp(Resource.LEASES, namespace, name);
  }

  private void create(Instant now) throws KubeException {
    KubeObject lease =
        KubeObject.of(Resource.LEASES, namespace, name).with(held(now, now, 0), "spec");
    try {
      api.create(Resource.LEASES, lease);
      lead(now);
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  private void take(KubeObject lease, Instant now, boolean anew) throws KubeException {
    long transitions = lease.number("spec", "leaseTransitions") + (anew ? 1 : 0);
    Instant acquired = anew ? now : lease.time("spec", "acquireTime").orElse(now);
    try {
      api.replace(Resource.LEASES, lease.with(held(acquired, now, transitions), "spec"));
      lead(now);
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
      leading = false;
    }
  }

  private void lead(Instant now) {
    if (!leading) {
      LOG.log(Level.INFO, () -> "leading as " + identity);
    }
    leading = true;
    renewed = now;
  }

  private Json.Obj held(Instant acquired, Instant now, long transitions) {
    return Json.Obj.EMPTY
        .with("holderIdentity", identity)
        .with("leaseDurationSeconds", DURATION.toSeconds())
        .with("acquireTime", MICROS.format(acquired.truncatedTo(ChronoUnit.MICROS)))
        .with("renewTime", MICROS.format(now.truncatedTo(ChronoUnit.MICROS)))
        .with("leaseTransitions", transitions);
  }

  /// Lets another take over at once.
  ///
  /// @return whether this was the leader and no longer is, in the eyes of others
  public boolean release() {
    if (!leading) {
      return false;
    }
    leading = false;
    try {
      Optional<KubeObject> lease = find();
      if (lease.isPresent() && lease.get().text("spec", "holderIdentity").equals(identity)) {
        api.replace(Resource.LEASES, lease.get().with("", "spec", "holderIdentity"));
        return true;
      }
    } catch (KubeException e) {
      LOG.log(Level.DEBUG, () -> "lease not released: " + e.getMessage());
    }
    return false;
  }
}
