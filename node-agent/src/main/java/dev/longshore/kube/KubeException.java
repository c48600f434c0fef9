package dev.longshore.kube;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request to the Kubernetes API that failed.
public final class KubeException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;
  private final long retryAfterMillis;

  /// @param code HTTP's status; 0 if there was no answer
  /// @param reason the server's, such as `AlreadyExists`; may be empty
  /// @param retryAfter what the server asked for; zero if nothing
  public KubeException(
      int code, String reason, String message, Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.reason = reason;
    this.retryAfterMillis = retryAfter.toMillis();
  }

  public KubeException(int code, String reason, String message) {
    this(code, reason, message, Duration.ZERO, null);
  }

  /// HTTP's status; 0 if there was no answer.
  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public Duration retryAfter() {
    return Duration.ofMillis(retryAfterMillis);
  }

  public boolean isNotFound() {
    return code == 404;
  }

  /// Somebody else has written in between, or the object is there already.
  public boolean isConflict() {
    return code == 409;
  }

  /// The version asked for is no longer known.
  public boolean isGone() {
    return code == 410;
  }

  public boolean isForbidden() {
    return code == 401 || code == 403;
  }

  /// Refused as it stands: repeating it changes nothing.
  public boolean isInvalid() {
    return code == 400 || code == 422;
  }
}
