package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.Body;
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
  /// No object is longer; some servers stumble over offsets beyond.
  private static final long MAX_OBJECT_BYTES = 1L << 50;

  /// Longer objects are not believed to be as long as the server says before they are read.
  private static final long TRUSTED_BYTES = 64 << 20;

  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;
  private static final int NOT_FOUND = 404;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final S3Bucket bucket;

  S3Reads(S3Bucket bucket) {
    this.bucket = bucket;
  }

  /// Reads an object of the store that may not be a blob.
  ///
  /// @param name without the prefix
  byte[] get(String name, int maxBytes) throws RepositoryException {
    String what = "get " + name;
    S3Request request = S3Request.of("GET", bucket.options().prefix() + name);
    try (HttpReply reply = bucket.client().send(request);
        InputStream in = reply.body()) {
      long length = reply.length();
      if (length > maxBytes) {
        throw tooLong(what, maxBytes);
      }
      byte[] bytes;
      if (length >= 0 && length <= TRUSTED_BYTES) {
        bytes = new byte[(int) length];
        fill(in, ByteBuffer.wrap(bytes));
      } else {
        bytes = in.readNBytes(maxBytes);
      }
      if (in.read() >= 0) {
        throw tooLong(what, maxBytes);
      }
      return bytes;
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  private static StoreException tooLong(String what, int maxBytes) {
    return new StoreException(what + ": longer than " + maxBytes + " bytes", Retry.NEVER);
  }

  /// Reads as many bytes as the buffer has room for.
  void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    String what = "get " + id;
    int length = into.remaining();
    if (length == 0 || offset > MAX_OBJECT_BYTES) {
      long size =
          metadata(id)
              .orElseThrow(() -> new NotFoundException(what + ": it is not there"))
              .lengthBytes();
      if (offset > size - length) {
        throw outOfRange(what, offset, length);
      }
      return;
    }
    S3Request request =
        S3Request.of("GET", bucket.key(id))
            .withHeaders(Map.of("range", "bytes=" + offset + "-" + (offset + length - 1)));
    try (HttpReply reply = bucket.client().send(request);
        InputStream in = reply.body()) {
      if (reply.status() != OK || offset > 0 || reply.length() != length) {
        checkRange(reply, what, offset, length);
      }
      fill(in, into);
      in.read(); // the end, after which the connection is free
    } catch (S3Failure e) {
      throw e.status() == RANGE_NOT_SATISFIABLE
          ? outOfRange(what, offset, length)
          : bucket.faults().of(what, e);
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  private static StoreException outOfRange(String what, long offset, int length) {
    return new StoreException(
        what + ": range " + offset + "+" + length + " is not all in the blob", Retry.NEVER);
  }

  /// Refuses a part that is not the one asked for.
  private static void checkRange(HttpReply reply, String what, long offset, int length)
      throws StoreException {
    String range = reply.header("Content-Range");
    if (reply.status() != PARTIAL_CONTENT
        || range == null
        || !range.startsWith("bytes " + offset + "-")) {
      throw new StoreException(what + ": the server does not know ranges", Retry.NEVER);
    }
    if (!range.startsWith("bytes " + offset + "-" + (offset + length - 1) + "/")) {
      throw outOfRange(what, offset, length);
    }
  }

  /// Fills the buffer, straight into its array where it has one.
  private static void fill(InputStream in, ByteBuffer into) throws IOException {
    boolean direct = !into.hasArray();
    byte[] piece = direct ? new byte[Math.min(Body.PIECE_BYTES, into.remaining())] : into.array();
    while (into.hasRemaining()) {
      int at = direct ? 0 : into.arrayOffset() + into.position();
      int room = direct ? Math.min(piece.length, into.remaining()) : into.remaining();
      int got = in.read(piece, at, room);
      if (got < 0) {
        throw new IOException("the answer ends " + into.remaining() + " bytes early");
      }
      if (direct) {
        into.put(piece, 0, got);
      } else {
        into.position(into.position() + got);
      }
    }
  }

  Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    String what = "stat " + id;
    try (HttpReply reply = bucket.client().send(S3Request.of("HEAD", bucket.key(id)))) {
      String modified = reply.header("Last-Modified");
      if (modified == null || reply.length() < 0) {
        throw new StoreException(what + ": an answer without a time or a length", Retry.NEVER);
      }
      return Optional.of(new BlobMetadata(id, reply.length(), S3Client.httpTime(modified)));
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
