package dev.longshore.engine.blob.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/// A server's answer. Closing it reads what is left, if that is little, so that the connection can
/// be used again. For one thread.
public final class HttpReply implements AutoCloseable {
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final int NOT_AN_ERROR = 400;

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

  /// Length of the body by the header; -1 if there is none.
  public long length() {
    return connection.getContentLengthLong();
  }

  /// The body of a success. A body that ends before its length is a fault.
  public InputStream body() throws IOException {
    return connection.getInputStream();
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
