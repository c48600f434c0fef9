package dev.longshore.kube;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// A token that says who asks, or none. One from a file follows the file, as Kubernetes renews it
/// there. Never printed. Safe for use by many threads.
final class BearerToken {
  /// Kubernetes renews tokens minutes before they expire, so this is soon enough.
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final int MAX_BYTES = 64 << 10;

  private final @Nullable Path file;
  private final InstantSource clock;
  private String text;
  private Instant readAt = Instant.MIN;

  private BearerToken(@Nullable Path file, InstantSource clock, String text) {
    this.file = file;
    this.clock = clock;
    this.text = text;
  }

  /// @param text empty for none
  /// @throws IOException if it cannot be one
  static BearerToken of(String text, InstantSource clock) throws IOException {
    return new BearerToken(null, clock, headerValue("token", text));
  }

  /// A text that can stand in a header as it is.
  static String headerValue(String what, String text) throws IOException {
    if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
      throw new IOException("the " + what + " holds characters that it cannot have");
    }
    return text;
  }

  static BearerToken ofFile(Path file, InstantSource clock) {
    return new BearerToken(file, clock, "");
  }

  /// The token; empty for none.
  ///
  /// @throws KubeException if its file cannot be read and never could
  synchronized String current() throws KubeException {
    Path from = file;
    Instant now = clock.instant();
    if (from != null && !now.isBefore(readAt.plus(FRESH))) {
      try {
        text = read(from);
        readAt = now;
      } catch (IOException e) {
        // The last one may still be good; if not, the server says so.
        if (text.isEmpty()) {
          throw new KubeException(0, "", "cannot read the token file " + from, Duration.ZERO, e);
        }
      }
    }
    return text;
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw new IOException("the token file is empty: " + file);
      }
      return headerValue("token in " + file, text);
    }
  }

  /// Reads the file anew, after a server refused the token.
  ///
  /// @return whether there is another one now
  synchronized boolean refresh() throws KubeException {
    if (file == null) {
      return false;
    }
    String before = text;
    readAt = Instant.MIN;
    return !current().equals(before);
  }
}
