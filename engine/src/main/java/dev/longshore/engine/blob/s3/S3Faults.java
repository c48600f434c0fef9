package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.NetworkFaults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.util.Set;

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
    return fault instanceof S3Failure refusal
        ? refusal(what, refusal)
        : NetworkFaults.of(what, place, fault);
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
    return NetworkFaults.passes(refusal.status())
        || PASSING.contains(refusal.code())
        || (renewable && EXPIRED.contains(refusal.code()));
  }
}
