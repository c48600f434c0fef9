package dev.longshore.engine.blob.s3;

import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.UnknownHostException;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Says what a fault means for a caller: gone, hopeless, or worth another try.
final class S3Faults {
  /// Refusals that pass, whatever their status.
  private static final Set<String> PASSING =
      Set.of(
          "BadDigest",
          "ConditionalRequestConflict",
          "IncompleteBody",
          "InternalError",
          "OperationAborted",
          "RequestTimeTooSkewed",
          "RequestTimeout",
          "ServiceUnavailable",
          "SlowDown",
          "Throttling",
          "XAmzContentChecksumMismatch");

  /// Refusals of credentials that have run out; new ones are asked for with each request.
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired");

  private final String place;
  private final boolean renewable;

  /// @param place the bucket, for messages
  /// @param renewable credentials that have run out may be replaced
  S3Faults(String place, boolean renewable) {
    this.place = place;
    this.renewable = renewable;
  }

  /// @param what the call and the blob: `put p6259…`
  RepositoryException of(String what, IOException fault) {
    return switch (fault) {
      case RepositoryException known -> known;
      case S3Failure refusal -> refusal(what, refusal);
      case SSLHandshakeException e -> untrusted(what, e);
      case SSLPeerUnverifiedException e -> untrusted(what, e);
      case HttpRetryException e ->
          new StoreException(what + ": " + place + " answered " + e.responseCode(), Retry.NEVER, e);
      case UnknownHostException e ->
          new StoreException(what + ": no host " + e.getMessage() + " is known", Retry.BACKOFF, e);
      default -> {
        boolean interrupted = Thread.currentThread().isInterrupted();
        yield new StoreException(
            what + ": " + place + ": " + (interrupted ? "interrupted" : reason(fault)),
            interrupted ? Retry.NEVER : Retry.BACKOFF,
            fault);
      }
    };
  }

  private StoreException untrusted(String what, IOException e) {
    return new StoreException(
        what + ": TLS with " + place + " failed: " + reason(e), Retry.NEVER, e);
  }

  private RepositoryException refusal(String what, S3Failure refusal) {
    String text =
        "%s: %s answered %d %s %s"
            .formatted(what, place, refusal.status(), refusal.code(), refusal.getMessage())
            .strip();
    if (refusal.code().equals("NoSuchBucket")) {
      return new StoreException(what + ": there is no bucket " + place, Retry.NEVER, refusal);
    }
    if (refusal.status() == 404) {
      return new NotFoundException(what + ": it is not there", refusal);
    }
    return new StoreException(text, passes(refusal) ? Retry.BACKOFF : Retry.NEVER, refusal);
  }

  private boolean passes(S3Failure refusal) {
    return switch (refusal.status()) {
      case 408, 425, 429, 500, 502, 503, 504 -> true;
      default ->
          PASSING.contains(refusal.code()) || (renewable && EXPIRED.contains(refusal.code()));
    };
  }

  private static String reason(IOException fault) {
    String message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }
}
