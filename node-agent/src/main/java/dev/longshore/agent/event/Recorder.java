package dev.longshore.agent.event;

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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Sends events. What was said before is counted on the same event, and not more than once in a
/// while; of one object no more is said than people can read; an event that cannot be sent is
/// dropped. For use by one thread.
public final class Recorder {
  private static final Logger LOG = System.getLogger(Recorder.class.getName());

  private static final String COMPONENT = "longshore-node-agent";

  /// The API server refuses longer ones.
  private static final int MAX_MESSAGE_CHARS = 1024;

  private static final int REMEMBERED = 1000;

  /// A repeated event is written again after this time at the soonest.
  private static final Duration REPEAT_EVERY = Duration.ofMinutes(5);

  /// The server keeps events for an hour; then another one is made.
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(50);

  /// Of one object, in an hour.
  private static final int MOST_PER_OBJECT = 20;

  private static final Duration HOUR = Duration.ofHours(1);

  private final KubeApi api;
  private final InstantSource clock;
  private final String instance;
  private final LinkedHashMap<Key, Said> said = new LinkedHashMap<>();
  private final Map<String, Budget> budgets = new HashMap<>();
  private long number;

  /// @param instance who says it: the agent's identity
  public Recorder(KubeApi api, InstantSource clock, String instance) {
    this.api = api;
    this.clock = clock;
    this.instance = instance;
  }

  private record Key(String uid, String reason, String message) {}

  private record Said(String event, int count, Instant first, Instant written) {}

  private record Budget(Instant since, int used) {}

  /// Tells of something good or ordinary.
  public void normal(Resource resource, KubeObject object, String reason, String message) {
    say(resource, object, new Words("Normal", reason, shortened(message)));
  }

  /// Tells of something that somebody may have to see to.
  public void warning(Resource resource, KubeObject object, String reason, String message) {
    say(resource, object, new Words("Warning", reason, shortened(message)));
  }

  private record Words(String type, String reason, String message) {}

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE_CHARS
        ? message
        : message.substring(0, MAX_MESSAGE_CHARS - 1) + "…";
  }

  private void say(Resource resource, KubeObject object, Words words) {
    Instant now = clock.instant();
    Key key = new Key(object.uid(), words.reason(), words.message());
    Said before = said.get(key);
    try {
      if (before == null || before.first().plus(FORGOTTEN_AFTER).isBefore(now)) {
        if (isWithinBudget(object.uid(), now)) {
          said.remove(key);
          said.put(key, new Said(create(resource, object, words), 1, now, now));
        }
      } else {
        boolean due = !now.isBefore(before.written().plus(REPEAT_EVERY));
        said.put(
            key,
            new Said(
                before.event(), before.count() + 1, before.first(), due ? now : before.written()));
        if (due) {
          count(object.namespace(), before.event(), before.count() + 1);
        }
      }
    } catch (KubeException e) {
      LOG.log(Level.DEBUG, () -> "event %s: %s".formatted(words.reason(), e.getMessage()));
    }
    trim(now);
  }

  private boolean isWithinBudget(String uid, Instant now) {
    Budget budget = budgets.get(uid);
    if (budget == null || budget.since().plus(HOUR).isBefore(now)) {
      budget = new Budget(now, 0);
    }
    budgets.put(uid, new Budget(budget.since(), budget.used() + 1));
    return budget.used() < MOST_PER_OBJECT;
  }

  private String create(Resource resource, KubeObject object, Words words) throws KubeException {
    Instant now = clock.instant();
    number++;
    String name =
        "%s.%s"
            .formatted(
                object.name(),
                Long.toHexString(now.toEpochMilli() * REMEMBERED + number % REMEMBERED));
    Json.Obj about =
        Json.Obj.EMPTY
            .with("apiVersion", resource.apiVersion())
            .with("kind", resource.kind())
            .with("namespace", object.namespace())
            .with("name", object.name())
            .with("uid", object.uid());
    KubeObject event =
        KubeObject.of(Resource.EVENTS, object.namespace(), name)
            .with(about, "involvedObject")
            .with(words.reason(), "reason")
            .with(words.message(), "message")
            .with(words.type(), "type")
            .with(COMPONENT, "source", "component")
            .with(now, "firstTimestamp")
            .with(now, "lastTimestamp")
            .with(1, "count")
            .with(COMPONENT, "reportingComponent")
            .with(instance, "reportingInstance");
    return api.create(Resource.EVENTS, event).name();
  }

  private void count(String namespace, String event, int count) throws KubeException {
    Json.Obj patch =
        new KubeObject(Json.Obj.EMPTY)
            .with(clock.instant(), "lastTimestamp")
            .with(count, "count")
            .json();
    var _ = api.patch(Resource.EVENTS, namespace, event, patch);
  }

  private void trim(Instant now) {
    while (said.size() > REMEMBERED) {
      said.remove(said.firstEntry().getKey());
    }
    if (budgets.size() > REMEMBERED) {
      budgets.values().removeIf(one -> one.since().plus(HOUR).isBefore(now));
    }
    if (budgets.size() > REMEMBERED) {
      budgets.clear();
    }
  }
}
