package dev.longshore.cbt;

import dev.longshore.kube.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Reads a service's whole answer, or fails: goes on by offset where a stream was cut, renews
/// tokens, waits longer and longer where nothing comes of it, and believes only what can be true.
///
/// For one thread.
public final class SnapshotMetadata {
  /// gRPC's names of failures that may pass.
  private static final Set<String> PASSING =
      Set.of(
          "UNAVAILABLE",
          "DEADLINE_EXCEEDED",
          "INTERNAL",
          "ABORTED",
          "CANCELLED",
          "RESOURCE_EXHAUSTED",
          "UNKNOWN");

  private static final String REFUSED = "UNAUTHENTICATED";

  /// Calls in a row that bring nothing.
  private static final int MAX_FRUITLESS = 5;

  /// A token that was just issued is refused no more often.
  private static final int MAX_REFUSED = 2;

  private static final int MAX_CALLS = 1000;
  private static final Duration MAX_TIME = Duration.ofHours(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LOOK_AT_CANCEL = Duration.ofSeconds(2);

  private final MetadataCalls calls;
  private final TokenSource tokens;
  private final Pace pace;
  private final BooleanSupplier cancelled;

  /// What was read.
  ///
  /// @param calls it took
  /// @param extents the service named
  public record Read(int calls, long extents, long bytes) {}

  /// @param cancelled asked again and again; ends what is under way as a failure
  public SnapshotMetadata(
      MetadataCalls calls, TokenSource tokens, Pace pace, BooleanSupplier cancelled) {
    this.calls = calls;
    this.tokens = tokens;
    this.pace = pace;
    this.cancelled = cancelled;
  }

  /// Reads an answer.
  ///
  /// @param deviceBytes the size of the device that is backed up
  /// @param sink has got all blocks when this returns; if it fails, what it has got is worth
  ///   nothing
  /// @throws MetadataException if there is no answer that can be relied on
  public Read read(MetadataQuery query, long deviceBytes, ExtentSink sink)
      throws MetadataException, InterruptedException {
    AnswerCheck check = new AnswerCheck(deviceBytes, sink);
    Instant end = pace.clock().instant().plus(MAX_TIME);
    int fruitless = 0;
    for (int call = 1; ; call++) {
      long before = check.position();
      try {
        readOnce(query, check);
        return done(call, check);
      } catch (MetadataException e) {
        if (PASSING.contains(e.code()) && check.isAtEnd()) {
          return done(call, check);
        }
        fruitless = check.position() > before ? 0 : fruitless + 1;
        boolean over = call == MAX_CALLS || !pace.clock().instant().isBefore(end);
        if (cancelled.getAsBoolean() || over || !isWorthAnother(e, fruitless)) {
          throw e;
        }
        pause(fruitless);
      }
    }
  }

  private void readOnce(MetadataQuery query, AnswerCheck check)
      throws MetadataException, InterruptedException {
    String token = tokens.token();
    check.begin();
    try (MetadataStream stream = calls.open(query, token, check.position())) {
      for (MetadataMessage next = stream.next(); next != null; next = stream.next()) {
        check.accept(next);
        if (cancelled.getAsBoolean()) {
          throw new MetadataException("CANCELLED", "canceled");
        }
      }
    }
  }

  private static Read done(int calls, AnswerCheck check) {
    check.end();
    return new Read(calls, check.extents(), check.bytes());
  }

  private boolean isWorthAnother(MetadataException e, int fruitless) {
    if (e.code().equals(REFUSED)) {
      tokens.discard();
      return fruitless < MAX_REFUSED;
    }
    return PASSING.contains(e.code()) && fruitless < MAX_FRUITLESS;
  }

  private void pause(int fruitless) throws InterruptedException {
    long longest = LONGEST_PAUSE.toMillis();
    long millis = Math.min(longest, FIRST_PAUSE.toMillis() << fruitless);
    Duration left = Duration.ofMillis((long) (millis * (0.5 + pace.random().nextDouble() / 2)));
    while (left.isPositive() && !cancelled.getAsBoolean()) {
      Duration step = left.compareTo(LOOK_AT_CANCEL) < 0 ? left : LOOK_AT_CANCEL;
      pace.sleeper().sleep(step);
      left = left.minus(step);
    }
  }
}
