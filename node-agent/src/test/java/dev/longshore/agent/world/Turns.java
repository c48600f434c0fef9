package dev.longshore.agent.world;

import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.server.ApiServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Lets participants take turns, in an order drawn by chance, and time pass when nobody has
/// anything to do.
public final class Turns {
  /// Rounds at one moment after which somebody is taken to work in circles.
  private static final int MAX_ROUNDS = 50_000;

  /// The longest time after which a controller of the cluster learns of a change.
  private static final int MAX_LATENCY_MILLIS = 40;

  private final ApiServer server;
  private final FakeClock clock;
  private final Random order;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final List<Plan> plans = new ArrayList<>();

  private static final class Member {
    private final Tap tap;
    private final Function<KubeApi, Participant> maker;
    private @Nullable Participant participant;
    private Instant due = Instant.MIN;
    private String seen = "";
    private Duration downtime = Duration.ZERO;
    private final boolean delayed;
    private Instant notBefore = Instant.MIN;

    Member(Tap tap, Function<KubeApi, Participant> maker, boolean delayed) {
      this.tap = tap;
      this.maker = maker;
      this.delayed = delayed;
    }
  }

  /// Something that a test wants to do at a time.
  private record Plan(Instant at, Runnable action) {}

  Turns(ApiServer server, FakeClock clock, RandomGenerator random) {
    this.server = server;
    this.clock = clock;
    this.order = new Random(random.nextLong());
  }

  /// Adds somebody who hears of changes at once.
  ///
  /// @param user whose permissions hold
  /// @param maker starts them, now and after each crash; nothing but the API outlives a crash
  public void add(String name, String user, Function<KubeApi, Participant> maker) {
    add(name, new Member(new Tap(server.asUser(user), name), maker, false));
  }

  /// Adds one of the cluster's own controllers, which hears of changes some milliseconds later and
  /// of many at a time, and may do everything.
  void addController(String name, Function<KubeApi, Participant> maker) {
    add(name, new Member(new Tap(server.asUser(""), name), maker, true));
  }

  private void add(String name, Member member) {
    if (members.put(name, member) != null) {
      throw new IllegalArgumentException("two participants called " + name);
    }
    start(member);
  }

  private void start(Member member) {
    member.participant = member.maker.apply(member.tap);
    member.due = clock.instant();
    member.seen = "";
  }

  private Member member(String name) {
    Member member = members.get(name);
    if (member == null) {
      throw new IllegalArgumentException("no participant called " + name);
    }
    return member;
  }

  /// Ends somebody's process, between two turns.
  public void crash(String name) {
    member(name).participant = null;
  }

  /// Starts somebody again after a crash.
  public void restart(String name) {
    crash(name);
    start(member(name));
  }

  public boolean isUp(String name) {
    return member(name).participant != null;
  }

  /// The number of somebody's writes so far.
  public long writes(String name) {
    return member(name).tap.writes();
  }

  /// Ends somebody's process at a write to come, and starts it again later.
  ///
  /// @param number 1 is the next write
  /// @param isWritten whether the write itself reaches the server
  public void crashAtWrite(String name, long number, boolean isWritten, Duration downtime) {
    Member member = member(name);
    member.tap.crashAt(number, isWritten);
    member.downtime = downtime;
  }

  /// Does something at a time to come, between two turns.
  public void in(Duration wait, Runnable action) {
    plans.add(new Plan(clock.instant().plus(wait), action));
  }

  /// Lets time pass.
  public void run(Duration duration) {
    boolean _ = runUntil(() -> false, duration);
  }

  /// Lets time pass until something is so. The condition is looked at after every round.
  ///
  /// @return false if it was not so in that time
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    Instant end = clock.instant().plus(limit);
    members.values().forEach(member -> member.seen = "");
    int rounds = 0;
    while (!condition.getAsBoolean()) {
      if (round()) {
        rounds++;
        if (rounds > MAX_ROUNDS) {
          throw new IllegalStateException(
              MAX_ROUNDS + " rounds at " + clock.instant() + "; the last turns: " + lastTurns());
        }
        continue;
      }
      rounds = 0;
      Instant next = next();
      if (next.isBefore(clock.instant())) {
        continue; // A program in a thread of its own has written since the round.
      }
      if (!next.isBefore(end)) {
        clock.advance(Duration.between(clock.instant(), end));
        return condition.getAsBoolean();
      }
      clock.advance(Duration.between(clock.instant(), next));
    }
    return true;
  }

  private String lastTurns() {
    List<String> busy = new ArrayList<>();
    members.forEach((name, member) -> {
      if (member.participant != null && isDue(member)) {
        busy.add(name + " (" + member.tap.writes() + " writes)");
      }
    });
    return String.join(", ", busy);
  }

  private Instant next() {
    Instant next = clock.instant().plus(Participant.IDLE);
    for (Member member : members.values()) {
      if (member.participant != null) {
        Instant wakes = hasNews(member) ? earlier(member.due, member.notBefore) : member.due;
        next = earlier(next, wakes);
      }
    }
    for (Plan plan : plans) {
      next = earlier(next, plan.at);
    }
    return next;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private boolean hasNews(Member member) {
    return !member.seen.equals(server.version());
  }

  private boolean isDue(Member member) {
    return !member.due.isAfter(clock.instant())
        || (hasNews(member) && !member.notBefore.isAfter(clock.instant()));
  }

  /// @return false if nobody had anything to do
  private boolean round() {
    boolean busy = carryOutPlans();
    List<Member> some = new ArrayList<>(members.values());
    Collections.shuffle(some, order);
    for (Member member : some) {
      if (member.participant != null && isDue(member)) {
        busy = true;
        take(member);
      }
    }
    return busy;
  }

  private boolean carryOutPlans() {
    List<Plan> due = plans.stream().filter(plan -> !plan.at.isAfter(clock.instant())).toList();
    plans.removeAll(due);
    due.forEach(plan -> plan.action.run());
    return !due.isEmpty();
  }

  private void take(Member member) {
    Participant participant = member.participant;
    if (participant == null) {
      return;
    }
    member.seen = server.version();
    if (member.delayed) {
      member.notBefore = clock.instant().plusMillis(1 + order.nextInt(MAX_LATENCY_MILLIS));
    }
    try {
      Duration wait = participant.step();
      // Time passes between two turns of the same reason, or nothing else would ever come.
      member.due = clock.instant().plus(wait.isPositive() ? wait : Duration.ofMillis(1));
    } catch (Crash _) {
      member.participant = null;
      in(member.downtime, () -> start(member));
    }
  }
}
