package dev.longshore.engine.blob.remote;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Says what it means that a server did not answer.
public final class NetworkFaults {
  private NetworkFaults() {}

  /// Tells whether a status says that the same request may succeed later.
  public static boolean passes(int status) {
    return switch (status) {
      case 408, 425, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  /// @param what the call and the blob: `put p6259…`
  /// @param place the server and the bucket
  public static RepositoryException of(String what, String place, IOException fault) {
    return switch (fault) {
      case RepositoryException known -> known;
      case SSLHandshakeException e -> untrusted(what, place, e);
      case SSLPeerUnverifiedException e -> untrusted(what, place, e);
      case HttpRetryException e ->
          new StoreException(what + ": " + place + " answered " + e.responseCode(), Retry.NEVER, e);
      case UnknownHostException e ->
          new StoreException(what + ": no host " + e.getMessage() + " is known", Retry.BACKOFF, e);
      default -> {
        boolean interrupted = Thread.currentThread().isInterrupted();
        yield new StoreException(
            what + ": " + place + ": " + (interrupted ? "interrupted" : reason(fault)),
            interrupted ? Retry.NEVER : Retry.BACKOFF,
            fault);
      }
    };
  }

  private static StoreException untrusted(String what, String place, IOException e) {
    return new StoreException(
        what + ": TLS with " + place + " failed: " + reason(e), Retry.NEVER, e);
  }

  private static String reason(IOException fault) {
    String message = fault.getMessage();
    return message == null ? fault.getClass().getSimpleName() : message;
  }
}
