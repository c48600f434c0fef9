package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.util.Context;
import com.azure.core.util.DateTimeRfc1123;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Locks on blobs, and whether a container has any. Thread-safe.
///
/// Azure has one kind of lock that nobody can lift before its time, `Locked`, which stands for both
/// of S3's, as Kopia has it.
///
/// Source: kopia 4ebb2be6c `repo/blob/azure/azure_storage.go`.
final class AzureLocks {
  private static final HttpHeaderName LOCK =
      HttpHeaderName.fromString("x-ms-immutability-policy-mode");
  private static final HttpHeaderName LOCKED_UNTIL =
      HttpHeaderName.fromString("x-ms-immutability-policy-until-date");

  /// What a container says of itself: `true` or `false`.
  private static final String CAN_LOCK = "x-ms-immutable-storage-with-versioning-enabled";

  private static final int BAD_REQUEST = 400;

  /// Words of servers that have never heard of locks.
  private static final Set<String> UNHEARD_OF =
      Set.of("APINotImplemented", "NotImplemented", "UnsupportedHeader");

  private final AzureContainer container;
  private final Clock clock;

  AzureLocks(AzureContainer container, Clock clock) {
    this.container = container;
    this.clock = clock;
  }

  /// Asks for a lock in the headers of a put.
  void ask(Map<HttpHeaderName, String> headers, BlobImmutabilityPolicyMode mode, Duration period) {
    headers.put(LOCK, mode.toString());
    headers.put(LOCKED_UNTIL, DateTimeRfc1123.toRfc1123String(from(period)));
  }

  private OffsetDateTime from(Duration period) {
    return clock.instant().plus(period).atOffset(ZoneOffset.UTC);
  }

  /// Makes the lock of the version in force hold for the retention's period from now on.
  void extend(BlobId id, BlobRetention retention) throws RepositoryException {
    String what = "extend the retention of " + id;
    BlobImmutabilityPolicy policy =
        new BlobImmutabilityPolicy()
            .setPolicyMode(BlobImmutabilityPolicyMode.LOCKED)
            .setExpiryTime(from(retention.period()));
    try {
      container
          .blob(id.value())
          .setImmutabilityPolicyWithResponse(policy, null, null, Context.NONE);
    } catch (RuntimeException e) {
      throw areMissing(AzureFaults.refusal(e)) ? missing(what, e) : container.faults().of(what, e);
    }
  }

  static UnsupportedException missing(String what, Exception refusal) {
    return new UnsupportedException(what + ": the container cannot lock blobs", refusal);
  }

  /// Tells whether a lock was refused because the container has none.
  ///
  /// The refusal itself does not tell: Azure documents no code for it. So the container is asked
  /// whether it has version-level immutability. What cannot be found out is another fault, as a
  /// caller goes on without locks if there are none.
  boolean areMissing(AzureFaults.@Nullable Refusal refusal) {
    if (refusal == null) {
      return false;
    }
    if (UNHEARD_OF.contains(refusal.code())) {
      return true;
    }
    if (refusal.status() != BAD_REQUEST && refusal.status() != AzureFaults.CONFLICT) {
      return false;
    }
    String address = container.client().getBlobContainerUrl() + "?restype=container";
    try (HttpReply reply = container.send(HttpMethod.HEAD, address, Map.of(), null)) {
      return "false".equalsIgnoreCase(reply.header(CAN_LOCK));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
