package dev.longshore.agent.world.mover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Repositories that exist in memory only, one per storage location and namespace, and how movers
/// that use them behave.
public final class DummyRepository {
  /// How a task goes.
  public sealed interface Behaviour {
    /// As it should.
    record Normal() implements Behaviour {}

    /// It fails half-way, and says so.
    record Fails(String reason, String message, boolean retriable) implements Behaviour {}

    /// It makes no progress; it can be canceled.
    record Hangs() implements Behaviour {}

    /// It makes no progress, and hears neither SIGTERM nor `spec.cancel`.
    record Deaf() implements Behaviour {}

    /// It does its work, and then ends in some way, with these last words.
    record Says(int code, String message) implements Behaviour {}

    /// The process is killed half-way.
    record Dies() implements Behaviour {}

    /// The process is killed after the snapshot was written and before anybody heard of it.
    record DiesAfterwards() implements Behaviour {}
  }

  public static final Behaviour NORMAL = new Behaviour.Normal();

  /// A snapshot.
  ///
  /// @param content the word for what was in the volume
  public record Snapshot(
      String id,
      String location,
      String namespace,
      String source,
      Map<String, String> tags,
      String content,
      long sizeBytes) {}

  private static final class Rule {
    private final Predicate<TaskCall> which;
    private final Behaviour behaviour;
    private int left;

    Rule(Predicate<TaskCall> which, Behaviour behaviour, int times) {
      this.which = which;
      this.behaviour = behaviour;
      this.left = times;
    }
  }

  private final Map<String, Snapshot> snapshots = new TreeMap<>();
  private final Set<String> repositories = new HashSet<>();
  private final Map<String, Duration> checkpoints = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<TaskCall> calls = new ArrayList<>();
  private Duration work = Duration.ofSeconds(30);
  private long sizeBytes = 1L << 30;
  private int created;

  /// What exists, in the order of its ids.
  public Collection<Snapshot> snapshots() {
    return Collections.unmodifiableCollection(snapshots.values());
  }

  public Optional<Snapshot> find(String id) {
    return Optional.ofNullable(snapshots.get(id));
  }

  /// Every task that was started.
  public List<TaskCall> calls() {
    return Collections.unmodifiableList(calls);
  }

  /// How long a backup or restore takes from now on.
  public void workTakes(Duration duration) {
    work = duration;
  }

  /// How big volumes are from now on.
  public void volumesHave(long bytes) {
    sizeBytes = bytes;
  }

  /// From now on, some tasks go in another way; the rule that was added first counts.
  ///
  /// @param times so many of them
  public void behave(Predicate<TaskCall> which, Behaviour behaviour, int times) {
    rules.add(new Rule(which, behaviour, times));
  }

  /// All tasks go as they should.
  public void behaveWell() {
    rules.clear();
  }

  public boolean exists(String location, String namespace) {
    return repositories.contains(location + "/" + namespace);
  }

  void make(String location, String namespace) {
    repositories.add(location + "/" + namespace);
  }

  Behaviour begin(TaskCall call) {
    calls.add(call);
    for (Rule rule : rules) {
      if (rule.left > 0 && rule.which.test(call)) {
        rule.left--;
        return rule.behaviour;
      }
    }
    return NORMAL;
  }

  Duration work() {
    return work;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /// How much of a source's next backup is done already.
  Duration checkpoint(String source) {
    return checkpoints.getOrDefault(source, Duration.ZERO);
  }

  void setCheckpoint(String source, Duration done) {
    if (done.isZero()) {
      checkpoints.remove(source);
    } else {
      checkpoints.put(source, done);
    }
  }

  String nextId() {
    created++;
    return "%032x".formatted(0x5eed_0000_0000L + created);
  }

  void save(Snapshot snapshot) {
    snapshots.put(snapshot.id, snapshot);
  }

  /// Deletes a snapshot, if it is there.
  public void forget(String id) {
    snapshots.remove(id);
  }
}
