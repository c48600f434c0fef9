package dev.longshore.agent.reconcile;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The last that was heard of each mover. Safe for use by many threads.
public final class Progress {
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();

  /// What a mover said.
  ///
  /// @param at when it was heard
  public record Heard(long totalBytes, long doneBytes, Instant at) {}

  /// Notes what was heard of a transfer's mover.
  public void note(String transferUid, long totalBytes, long doneBytes, Instant at) {
    heard.put(transferUid, new Heard(totalBytes, doneBytes, at));
  }

  /// Starts the clock of a mover that has not been heard of yet.
  Heard expect(String transferUid, Instant now) {
    return heard.computeIfAbsent(transferUid, uid -> new Heard(-1, 0, now));
  }

  /// Numbers, if any were heard.
  Optional<Heard> numbers(String transferUid) {
    return Optional.ofNullable(heard.get(transferUid)).filter(one -> one.totalBytes() >= 0);
  }

  /// Forgets a mover that has ended.
  void forget(String transferUid) {
    heard.remove(transferUid);
  }
}
