package dev.longshore.engine.blob.remote;

import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A server's answer. Closing it reads what is left, if that is little, so that the connection can
/// be used again. For one thread.
public final class HttpReply implements AutoCloseable {
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final int NOT_AN_ERROR = 400;
  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;

  /// Longer bodies are not believed to be as long as the server says before they are read.
  private static final long TRUSTED_BYTES = 64 << 20;

  private final HttpURLConnection connection;
  private final int status;
  private boolean refusalRead;

  HttpReply(HttpURLConnection connection) throws IOException {
    this.connection = connection;
    this.status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("the server's answer is not HTTP");
    }
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  /// A header; null if it is not there.
  public @Nullable String header(String name) {
    return connection.getHeaderField(name);
  }

  /// All headers; the status line may be among them, with null for a name.
  public Map<String, List<String>> headers() {
    return connection.getHeaderFields();
  }

  /// Length of the body by the header; -1 if there is none.
  public long length() {
    return connection.getContentLengthLong();
  }

  /// The body of a success. A body that ends before its length is a fault.
  public InputStream body() throws IOException {
    return connection.getInputStream();
  }

  /// Reads the whole body of a success.
  ///
  /// @throws StoreException if it is longer than that
  public byte[] readAll(String what, int maxBytes) throws IOException {
    long length = length();
    try (InputStream in = body()) {
      byte[] bytes;
      if (length >= 0 && length <= Math.min(TRUSTED_BYTES, maxBytes)) {
        bytes = new byte[(int) length];
        fill(in, ByteBuffer.wrap(bytes));
      } else {
        bytes = in.readNBytes(maxBytes);
      }
      if (in.read() >= 0) {
        throw new StoreException(what + ": longer than " + maxBytes + " bytes", Retry.NEVER);
      }
      return bytes;
    }
  }

  /// Reads the range that was asked for into the buffer's room.
  ///
  /// @throws StoreException if the answer is another part, or the range is not all in the blob
  public void readRange(String what, long offset, ByteBuffer into) throws IOException {
    int length = into.remaining();
    if (status != OK || offset > 0 || length() != length) {
      String range = header("Content-Range");
      if (status != PARTIAL_CONTENT
          || range == null
          || !range.startsWith("bytes " + offset + "-")) {
        throw new StoreException(what + ": the server does not know ranges", Retry.NEVER);
      }
      if (!range.startsWith("bytes " + offset + "-" + (offset + length - 1) + "/")) {
        throw outOfRange(what, offset, length);
      }
    }
    try (InputStream in = body()) {
      fill(in, into);
      if (in.read() >= 0) { // the end, after which the connection is free
        throw new StoreException(what + ": the server sends more than was asked for", Retry.NEVER);
      }
    }
  }

  /// The fault of a range that is not all in the blob.
  public static StoreException outOfRange(String what, long offset, int length) {
    return new StoreException(
        what + ": range " + offset + "+" + length + " is not all in the blob", Retry.NEVER);
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

  /// A time as headers have it, to the second.
  ///
  /// @throws java.time.DateTimeException if it is none
  public static Instant httpTime(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  /// The beginning of the body of a refusal, which says why.
  public byte[] errorBody() {
    refusalRead = true;
    try (InputStream in =
        status < NOT_AN_ERROR ? connection.getInputStream() : connection.getErrorStream()) {
      return in == null ? new byte[0] : in.readNBytes(MAX_ERROR_BYTES);
    } catch (IOException e) {
      return new byte[0]; // the status has to do
    }
  }

  @Override
  public void close() {
    if (refusalRead) {
      return;
    }
    try (InputStream in =
        status < NOT_AN_ERROR ? connection.getInputStream() : connection.getErrorStream()) {
      if (in != null) {
        in.skipNBytes(in.available());
      }
    } catch (IOException e) {
      // Nobody waits for the rest.
      connection.disconnect();
    }
  }
}
