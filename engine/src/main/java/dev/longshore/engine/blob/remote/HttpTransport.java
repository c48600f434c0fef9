package dev.longshore.engine.blob.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/// Sends requests over the JDK's oldest client: it moves bytes between the caller's arrays and the
/// socket with one copy and keeps nothing of them, which costs a third of the CPU time and a sixth
/// of the memory that newer ones take. Connections are kept and used again. Thread-safe.
///
/// A process-wide setting goes with it: the JDK keeps five idle connections a server unless
/// `http.maxConnections` says otherwise; unless somebody has said, this says 64.
public final class HttpTransport {
  private static final String MAX_CONNECTIONS = "http.maxConnections";

  static {
    if (System.getProperty(MAX_CONNECTIONS) == null) {
      System.setProperty(MAX_CONNECTIONS, "64");
    }
  }

  private final @Nullable Tls tls;
  private final Timeouts timeouts;
  private final String userAgent;

  /// @param tls null to speak plain HTTP only
  public HttpTransport(@Nullable Tls tls, Timeouts timeouts, String userAgent) {
    this.tls = tls;
    this.timeouts = timeouts;
    this.userAgent = userAgent;
  }

  /// Sends a request and waits for the beginning of the answer, whatever its status. Redirections
  /// are not followed.
  ///
  /// @param headers sent as they are; the host and the length go by themselves
  /// @param body null for none
  /// @throws IOException if there is no answer; trying again may help
  public HttpReply send(String method, URI uri, Map<String, String> headers, @Nullable Body body)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure && tls != null) {
      tls.applyTo(secure);
    }
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(Math.toIntExact(timeouts.connect().toMillis()));
    connection.setReadTimeout(Math.toIntExact(timeouts.read().toMillis()));
    connection.setRequestProperty("User-Agent", userAgent);
    headers.forEach(connection::setRequestProperty);
    if (body != null) {
      send(body, connection);
    }
    return new HttpReply(connection);
  }

  private void send(Body body, HttpURLConnection connection) throws IOException {
    connection.setDoOutput(true);
    // The JDK hides why a request that it did not keep was refused with 401: forms are kept.
    boolean form =
        connection.getRequestMethod().equals("POST") && body.length() <= Body.PIECE_BYTES;
    if (!form) {
      connection.setFixedLengthStreamingMode(body.length());
    }
    try (StallGuard guard = new StallGuard(connection, timeouts.write());
        OutputStream out = connection.getOutputStream()) {
      body.forEachPiece((bytes, offset, length) -> {
        out.write(bytes, offset, length);
        guard.progress();
      });
    }
  }
}
