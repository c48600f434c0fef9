package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Tokens of service accounts, and whom they stand for. Safe for use by many threads.
public final class Tokens {
  private static final long LEAST_SECONDS = 600;

  private final InstantSource clock;
  private final Map<String, Token> issued = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  /// A token.
  ///
  /// @param user the account as a user
  private record Token(String user, List<String> audiences, Instant expires) {}

  Tokens(InstantSource clock) {
    this.clock = clock;
  }

  /// Accounts need not exist.
  KubeObject issue(String namespace, String account, KubeObject request) throws KubeException {
    long seconds = request.number("spec", "expirationSeconds");
    if (seconds < LEAST_SECONDS) {
      throw new KubeException(
          422,
          "Invalid",
          "spec.expirationSeconds: Invalid value: may not specify a duration less"
              + " than 10 minutes");
    }
    Instant expires = clock.instant().plusSeconds(seconds);
    String text = "token-%d-of-%s".formatted(count.incrementAndGet(), account);
    List<String> audiences = request.array("spec", "audiences").strings();
    issued.put(text, new Token(ApiServer.serviceAccount(namespace, account), audiences, expires));
    return request.with(text, "status", "token").with(expires, "status", "expirationTimestamp");
  }

  /// How many were issued.
  public int count() {
    return count.get();
  }

  /// Whom a token stands for; empty if it has expired, is for others, or was never issued.
  public Optional<String> review(String token, String audience) {
    return Optional.ofNullable(issued.get(token))
        .filter(known -> known.audiences().contains(audience))
        .filter(known -> clock.instant().isBefore(known.expires()))
        .map(Token::user);
  }
}
