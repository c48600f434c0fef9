package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.specialized.BlobClientBase;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Writes and deletes blobs.
final class AzurePuts {
  private static final HttpHeaderName TYPE = HttpHeaderName.fromString("x-ms-blob-type");
  private static final HttpHeaderName MADE_VERSION = HttpHeaderName.fromString("x-ms-version-id");

  /// How long the lock of a blob that is there to be deleted would last.
  private static final Duration MOMENT = Duration.ofMinutes(1);

  private final AzureContainer container;
  private final AzureLocks locks;

  AzurePuts(AzureContainer container, AzureLocks locks) {
    this.container = container;
    this.locks = locks;
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
            retention -> locks.ask(headers, BlobImmutabilityPolicyMode.LOCKED, retention.period()));
    try {
      put(container.blob(id.value()), headers, body).close();
    } catch (IOException | RuntimeException e) {
      AzureFaults.Refusal refusal = AzureFaults.refusal(e);
      if (options.ifAbsent() && refusal != null && saysItExists(refusal)) {
        throw new StoreException(what + ": it exists already", Retry.NEVER, e);
      }
      throw options.retention().isPresent() && locks.areMissing(refusal)
          ? AzureLocks.missing(what, e)
          : container.faults().of(what, e);
    }
  }

  private static boolean saysItExists(AzureFaults.Refusal refusal) {
    return refusal.status() == AzureFaults.PRECONDITION_FAILED
        || refusal.code().equals("BlobAlreadyExists");
  }

  private HttpReply put(BlobClientBase blob, Map<HttpHeaderName, String> headers, Body body)
      throws IOException {
    headers.put(TYPE, "BlockBlob");
    return container.send(HttpMethod.PUT, blob.getBlobUrl(), headers, body);
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
    locks.ask(headers, BlobImmutabilityPolicyMode.UNLOCKED, MOMENT);
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
