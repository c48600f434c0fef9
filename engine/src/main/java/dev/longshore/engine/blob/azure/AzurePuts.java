package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.util.Context;
import com.azure.core.util.DateTimeRfc1123;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.specialized.BlobClientBase;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes, locks and deletes blobs.
///
/// Azure has one kind of lock that nobody can lift before its time, `Locked`, which stands for both
/// of S3's, as Kopia has it.
final class AzurePuts {
  private static final HttpHeaderName TYPE = HttpHeaderName.fromString("x-ms-blob-type");
  private static final HttpHeaderName LOCK =
      HttpHeaderName.fromString("x-ms-immutability-policy-mode");
  private static final HttpHeaderName LOCKED_UNTIL =
      HttpHeaderName.fromString("x-ms-immutability-policy-until-date");
  private static final HttpHeaderName MADE_VERSION = HttpHeaderName.fromString("x-ms-version-id");
  private static final int BAD_REQUEST = 400;
  private static final int NOT_IMPLEMENTED = 501;

  /// How long the lock of a blob that is there to be deleted would last.
  private static final Duration MOMENT = Duration.ofMinutes(1);

  private final AzureContainer container;
  private final Clock clock;

  AzurePuts(AzureContainer container, Clock clock) {
    this.container = container;
    this.clock = clock;
  }

  void put(BlobId id, Body body, PutOptions options) throws RepositoryException {
    String what = "put " + id;
    Map<HttpHeaderName, String> headers = new HashMap<>();
    if (options.ifAbsent()) {
      headers.put(HttpHeaderName.IF_NONE_MATCH, "*");
    }
    options
        .retention()
        .ifPresent(
            retention -> lock(headers, BlobImmutabilityPolicyMode.LOCKED, retention.period()));
    try {
      put(container.blob(id.value()), headers, body).close();
    } catch (IOException | RuntimeException e) {
      AzureFaults.Refusal refusal = AzureFaults.refusal(e);
      int status = refusal == null ? 0 : refusal.status();
      boolean exists = status == AzureFaults.PRECONDITION_FAILED || status == AzureFaults.CONFLICT;
      if (options.ifAbsent() && exists) {
        throw new StoreException(what + ": it exists already", Retry.NEVER, e);
      }
      throw options.retention().isPresent() && cannotLock(refusal)
          ? new UnsupportedException(what + ": the container cannot lock blobs", e)
          : container.faults().of(what, e);
    }
  }

  private HttpReply put(BlobClientBase blob, Map<HttpHeaderName, String> headers, Body body)
      throws IOException {
    headers.put(TYPE, "BlockBlob");
    return container.send(HttpMethod.PUT, blob.getBlobUrl(), headers, body);
  }

  private void lock(
      Map<HttpHeaderName, String> headers, BlobImmutabilityPolicyMode mode, Duration period) {
    headers.put(LOCK, mode.toString());
    headers.put(LOCKED_UNTIL, DateTimeRfc1123.toRfc1123String(from(period)));
  }

  private OffsetDateTime from(Duration period) {
    return clock.instant().plus(period).atOffset(ZoneOffset.UTC);
  }

  private static boolean cannotLock(AzureFaults.@Nullable Refusal refusal) {
    return refusal != null
        && switch (refusal.status()) {
          case BAD_REQUEST, AzureFaults.CONFLICT, NOT_IMPLEMENTED -> true;
          default -> false;
        };
  }

  void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
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
      throw cannotLock(AzureFaults.refusal(e))
          ? new UnsupportedException(what + ": the container cannot lock blobs", e)
          : container.faults().of(what, e);
    }
  }

  void delete(BlobId id) throws RepositoryException {
    try {
      BlobClientBase blob = container.blob(id.value());
      try {
        delete(blob);
      } catch (RuntimeException e) {
        AzureFaults.Refusal refusal = AzureFaults.refusal(e);
        if (refusal == null || !refusal.code().equals("BlobImmutableDueToPolicy")) {
          throw e;
        }
        hide(blob);
      }
    } catch (IOException | RuntimeException e) {
      RepositoryException fault = container.faults().of("delete " + id, e);
      if (!(fault instanceof NotFoundException)) {
        throw fault;
      }
    }
  }

  private static void delete(BlobClientBase blob) {
    blob.deleteWithResponse(null, null, null, Context.NONE);
  }

  /// Deletes a blob whose version in force is locked, which Azure refuses: an empty version, with a
  /// lock that can be lifted, takes its place and is deleted. The locked one stays until its time.
  private void hide(BlobClientBase blob) throws IOException {
    Map<HttpHeaderName, String> headers = new HashMap<>();
    lock(headers, BlobImmutabilityPolicyMode.UNLOCKED, MOMENT);
    String version;
    try (HttpReply reply = put(blob, headers, new Body.OfBuffer(ByteBuffer.allocate(0)))) {
      version = reply.header(MADE_VERSION.getCaseInsensitiveName());
    }
    blob.deleteImmutabilityPolicyWithResponse(null, Context.NONE);
    delete(blob);
    if (version != null && !version.isEmpty()) {
      delete(blob.getVersionClient(version));
    }
  }
}
