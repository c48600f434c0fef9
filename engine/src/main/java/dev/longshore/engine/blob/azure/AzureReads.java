package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.Context;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.ListBlobsOptions;
import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads blobs and lists of them.
final class AzureReads {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /// No blob is longer; some servers stumble over offsets beyond.
  private static final long MAX_BLOB_BYTES = 1L << 50;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// Kopia's name of a time that counts instead of the server's, in nanoseconds since 1970.
  private static final String TIME_KEY = "kopiamtime";

  private static final HttpHeaderName RANGE = HttpHeaderName.fromString("x-ms-range");

  private final AzureContainer container;

  AzureReads(AzureContainer container) {
    this.container = container;
  }

  /// @param address of the blob, or of one version of it
  byte[] get(BlobId id, String address) throws RepositoryException {
    String what = "get " + id;
    try (HttpReply reply = container.send(HttpMethod.GET, address, Map.of(), null)) {
      return reply.readAll(what, MAX_BYTES);
    } catch (IOException | RuntimeException e) {
      throw container.faults().of(what, e);
    }
  }

  /// Reads as many bytes as the buffer has room for.
  ///
  /// @param address of the blob, or of one version of it
  void getRange(BlobId id, String address, long offset, ByteBuffer into)
      throws RepositoryException {
    int length = into.remaining();
    String what = "get " + id;
    if (length == 0 || offset > MAX_BLOB_BYTES) {
      BlobMetadata found =
          metadata(id).orElseThrow(() -> new NotFoundException(what + ": it is not there"));
      if (offset > found.lengthBytes() - length) {
        throw HttpReply.outOfRange(what, offset, length);
      }
      return;
    }
    Map<HttpHeaderName, String> range =
        Map.of(RANGE, "bytes=" + offset + "-" + (offset + length - 1));
    try (HttpReply reply = container.send(HttpMethod.GET, address, range, null)) {
      reply.readRange(what, offset, into);
    } catch (IOException | RuntimeException e) {
      throw e instanceof AzureFailure refusal
              && refusal.status() == AzureFaults.RANGE_NOT_SATISFIABLE
          ? HttpReply.outOfRange(what, offset, length)
          : container.faults().of(what, e);
    }
  }

  Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    String what = "stat " + id;
    try {
      BlobProperties found =
          container.blob(id.value()).getPropertiesWithResponse(null, null, Context.NONE).getValue();
      Instant time = time(found.getMetadata(), found.getLastModified());
      return Optional.of(new BlobMetadata(id, length(found.getBlobSize()), time));
    } catch (IOException | RuntimeException e) {
      RepositoryException fault = container.faults().of(what, e);
      if (fault instanceof NotFoundException) {
        return Optional.empty();
      }
      throw fault;
    }
  }

  /// Receives entries of lists.
  @FunctionalInterface
  interface ItemVisitor {
    void visit(BlobItem item) throws RepositoryException;
  }

  /// Lists what begins with a prefix.
  ///
  /// @param retrier for all pages but the first: a list whose visitor has seen something is not
  ///   tried again by the caller
  void list(String prefix, BlobListDetails details, Retrier retrier, ItemVisitor visitor)
      throws RepositoryException {
    Page page = page(prefix, details, "");
    while (true) {
      for (BlobItem item : page.items()) {
        visitor.visit(item);
      }
      String next = page.next();
      if (next.isEmpty()) {
        return;
      }
      page = retrier.call(() -> page(prefix, details, next));
      if (page.next().equals(next)) {
        throw new StoreException("list " + prefix + ": the server repeats a page", Retry.NEVER);
      }
    }
  }

  /// A page of a list.
  ///
  /// @param next asks for the next page; empty for the last
  private record Page(List<BlobItem> items, String next) {}

  /// @param marker of the page; empty for the first
  private Page page(String prefix, BlobListDetails details, String marker)
      throws RepositoryException {
    ListBlobsOptions options =
        new ListBlobsOptions().setPrefix(container.prefix() + prefix).setDetails(details);
    String from = marker.isEmpty() ? null : marker;
    try {
      PagedResponse<BlobItem> page =
          container.client().listBlobs(options, from, null).iterableByPage().iterator().next();
      String next = page.getContinuationToken();
      return new Page(page.getValue(), next == null ? "" : next);
    } catch (RuntimeException e) {
      throw container.faults().of("list " + prefix, e);
    }
  }

  /// A listed blob; empty if it is none of the store.
  Optional<BlobMetadata> listed(BlobItem item) throws StoreException {
    String prefix = container.prefix();
    String name = item.getName();
    BlobItemProperties properties = item.getProperties();
    if (name == null || !name.startsWith(prefix) || properties == null) {
      return Optional.empty();
    }
    String id = name.substring(prefix.length());
    return BlobId.isValid(id)
        ? Optional.of(
            new BlobMetadata(
                new BlobId(id),
                length(properties.getContentLength()),
                time(item.getMetadata(), properties.getLastModified())))
        : Optional.empty();
  }

  private static long length(@Nullable Long length) throws StoreException {
    if (length == null || length < 0) {
      throw new StoreException("azure: a blob without a length", Retry.NEVER);
    }
    return length;
  }

  private static Instant time(
      @Nullable Map<String, String> metadata, @Nullable OffsetDateTime modified)
      throws StoreException {
    if (metadata != null) {
      for (Map.Entry<String, String> entry : metadata.entrySet()) {
        String value = entry.getValue();
        if (entry.getKey().equalsIgnoreCase(TIME_KEY)
            && value != null
            && value.matches("-?[0-9]{1,18}|[0-8][0-9]{18}")) {
          long nanos = Long.parseLong(value);
          return Instant.ofEpochSecond(
              Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND));
        }
      }
    }
    if (modified == null) {
      throw new StoreException("azure: a blob without a time", Retry.NEVER);
    }
    return modified.toInstant();
  }
}
