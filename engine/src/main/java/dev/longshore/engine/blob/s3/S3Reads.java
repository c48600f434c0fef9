package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.Map;
import java.util.Optional;

/// Reads objects and lists of them.
final class S3Reads {
  static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /// No object is longer; some servers stumble over offsets beyond.
  private static final long MAX_OBJECT_BYTES = 1L << 50;

  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final S3Bucket bucket;

  S3Reads(S3Bucket bucket) {
    this.bucket = bucket;
  }

  /// Reads an object of the store that may not be a blob.
  ///
  /// @param name without the prefix
  /// @param version empty for the one in force
  byte[] get(String name, String version, int maxBytes) throws RepositoryException {
    String what = "get " + name;
    S3Request request = S3Request.of("GET", bucket.options().prefix() + name);
    if (!version.isEmpty()) {
      request.query().put("versionId", version);
    }
    try (HttpReply reply = bucket.client().send(request)) {
      return reply.readAll(what, maxBytes);
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  /// Reads as many bytes as the buffer has room for.
  ///
  /// @param version empty for the one in force
  void getRange(BlobId id, String version, long offset, ByteBuffer into)
      throws RepositoryException {
    String what = "get " + id;
    int length = into.remaining();
    if (length == 0 || offset > MAX_OBJECT_BYTES) {
      long size =
          metadata(id)
              .orElseThrow(() -> new NotFoundException(what + ": it is not there"))
              .lengthBytes();
      if (offset > size - length) {
        throw HttpReply.outOfRange(what, offset, length);
      }
      return;
    }
    S3Request request =
        S3Request.of("GET", bucket.key(id))
            .withHeaders(Map.of("range", "bytes=" + offset + "-" + (offset + length - 1)));
    if (!version.isEmpty()) {
      request.query().put("versionId", version);
    }
    try (HttpReply reply = bucket.client().send(request)) {
      reply.readRange(what, offset, into);
    } catch (S3Failure e) {
      throw e.status() == RANGE_NOT_SATISFIABLE
          ? HttpReply.outOfRange(what, offset, length)
          : bucket.faults().of(what, e);
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    String what = "stat " + id;
    try (HttpReply reply = bucket.client().send(S3Request.of("HEAD", bucket.key(id)))) {
      String modified = reply.header("Last-Modified");
      if (modified == null || reply.length() < 0) {
        throw new StoreException(what + ": an answer without a time or a length", Retry.NEVER);
      }
      return Optional.of(new BlobMetadata(id, reply.length(), HttpReply.httpTime(modified)));
    } catch (DateTimeException e) {
      throw new StoreException(what + ": an answer with a time that is none", Retry.NEVER, e);
    } catch (S3Failure e) {
      if (e.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw bucket.faults().of(what, e);
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  /// A page of the list of blobs.
  ///
  /// @param token of the page; empty for the first
  S3Xml.Page page(String prefix, String token) throws RepositoryException {
    S3Request request = S3Request.of("GET", "");
    request.query().put("list-type", "2");
    request.query().put("prefix", bucket.options().prefix() + prefix);
    request.query().put("delimiter", "/");
    request.query().put("encoding-type", "url");
    if (!token.isEmpty()) {
      request.query().put("continuation-token", token);
    }
    try (HttpReply reply = bucket.client().send(request);
        InputStream in = reply.body()) {
      return S3Xml.page(in, bucket.options().prefix());
    } catch (IOException e) {
      throw bucket.faults().of("list " + prefix, e);
    }
  }
}
