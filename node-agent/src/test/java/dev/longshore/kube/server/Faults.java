package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Rules by which requests fail: `on(Request::isWrite).at(7).after(Faults.noAnswer())` lets the
/// seventh write happen and hides its answer. Safe for use by many threads.
public final class Faults {
  private final List<Rule> rules = new ArrayList<>();
  private final RandomGenerator random;

  Faults(RandomGenerator random) {
    this.random = random;
  }

  /// What happens instead of, or after, a request, in the thread of the caller and without the
  /// server's lock: throws what the caller is to get, or runs a hook (which may call the server, or
  /// throw its own error to stand for a crash).
  @FunctionalInterface
  public interface Action {
    void run(Request request) throws KubeException;
  }

  /// Begins a rule for the requests that match, faults of watches included.
  public Matching on(Predicate<Request> requests) {
    return new Matching(requests);
  }

  public synchronized void clear() {
    rules.clear();
  }

  /// The requests of a rule.
  public final class Matching {
    private final Predicate<Request> requests;

    private Matching(Predicate<Request> requests) {
      this.requests = requests;
    }

    /// Only the k-th of them from now on, the first being 1.
    public Timed at(int k) {
      return new Timed(requests, count -> count == k);
    }

    /// Only the first few of them.
    public Timed times(int few) {
      return new Timed(requests, count -> count <= few);
    }

    public Timed always() {
      return new Timed(requests, count -> true);
    }

    /// Each of them with a probability.
    public Timed chance(double probability) {
      return new Timed(requests, count -> random.nextDouble() < probability);
    }
  }

  /// The requests of a rule and when it holds.
  public final class Timed {
    private final Predicate<Request> requests;
    private final IntPredicate when;

    private Timed(Predicate<Request> requests, IntPredicate when) {
      this.requests = requests;
      this.when = when;
    }

    /// Acts before the server does anything. An action that returns lets the request go on.
    public void before(Action action) {
      add(new Rule(requests, when, action, false));
    }

    /// Acts when the server has done it, if it succeeded.
    public void after(Action action) {
      add(new Rule(requests, when, action, true));
    }
  }

  private synchronized void add(Rule rule) {
    rules.add(rule);
  }

  private static final class Rule {
    private final Predicate<Request> requests;
    private final IntPredicate when;
    private final Action action;
    private final boolean after;
    private int count;

    Rule(Predicate<Request> requests, IntPredicate when, Action action, boolean after) {
      this.requests = requests;
      this.when = when;
      this.action = action;
      this.after = after;
    }
  }

  /// What rules have for one request.
  record Plan(List<Action> before, List<Action> after) {}

  synchronized @Nullable Plan plan(Request request) {
    if (rules.isEmpty()) {
      return null;
    }
    List<Action> before = new ArrayList<>();
    List<Action> after = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.requests.test(request) && rule.when.test(++rule.count)) {
        (rule.after ? after : before).add(rule.action);
      }
    }
    return new Plan(before, after);
  }

  private static Action fail(int code, String reason, String message, Duration retryAfter) {
    return request -> {
      throw new KubeException(code, reason, message + " (" + request + ")", retryAfter, null);
    };
  }

  public static Action conflict() {
    return fail(409, "Conflict", "the object has been modified", Duration.ZERO);
  }

  public static Action gone() {
    return fail(410, "Expired", "too old resource version", Duration.ZERO);
  }

  public static Action tooMany(Duration retryAfter) {
    return fail(429, "TooManyRequests", "too many requests", retryAfter);
  }

  public static Action forbidden() {
    return fail(403, "Forbidden", "forbidden by a rule of the test", Duration.ZERO);
  }

  public static Action internal() {
    return fail(500, "InternalError", "an internal error", Duration.ZERO);
  }

  public static Action unavailable() {
    return fail(503, "ServiceUnavailable", "the server is shutting down", Duration.ZERO);
  }

  public static Action noAnswer() {
    return fail(0, "", "the connection was reset", Duration.ZERO);
  }

  public static Action hook(Runnable hook) {
    return request -> hook.run();
  }
}
