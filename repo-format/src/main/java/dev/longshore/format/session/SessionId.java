package dev.longshore.format.session;

import dev.longshore.format.id.BlobId;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The name of a write session: the suffix its packs, index blobs and marker share.
///
/// Text: `s`, 16 random hex digits, then the number of whole 30-day months since 2000-01-01 in hex
/// without padding, for example `scbd7e24cbfc09305147`. Compaction sets use `s` and 16 random hex
/// digits only.
///
/// Source: kopia 4ebb2be6c `repo/content/sessions.go`.
public record SessionId(String value) implements Comparable<SessionId> {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /// @throws IllegalArgumentException if the text does not begin with `s` or cannot stand in a blob
  ///   name
  public SessionId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a session id");
    }
  }

  /// Tells whether a text can be a session id.
  static boolean isValid(String text) {
    return text.startsWith("s") && text.indexOf('-') < 0 && BlobId.isValid(text);
  }

  /// A new session's name.
  ///
  /// @param random source of the 64 random bits; collisions would mix sessions, so use a secure one
  public static SessionId generate(RandomGenerator random, Instant now) {
    long month = Duration.between(EPOCH, now).dividedBy(Duration.ofDays(30));
    return new SessionId(randomSetId(random) + Long.toHexString(month));
  }

  /// A new name for the shards of one compaction: as a session id, without the month.
  public static SessionId generateSetId(RandomGenerator random) {
    return new SessionId(randomSetId(random));
  }

  private static String randomSetId(RandomGenerator random) {
    return "s" + HexFormat.of().toHexDigits(random.nextLong());
  }

  /// The session that a blob's name carries: its first part after a dash that begins with `s`.
  public static Optional<SessionId> ofBlob(BlobId id) {
    String[] parts = id.value().split("-", -1);
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].startsWith("s")) {
        return Optional.of(new SessionId(parts[i]));
      }
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(SessionId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
