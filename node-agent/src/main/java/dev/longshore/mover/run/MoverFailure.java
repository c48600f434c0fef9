package dev.longshore.mover.run;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Why a task cannot do its work.
public final class MoverFailure extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String reason;
  private final boolean retriable;

  /// @param reason one of [Reasons]
  /// @param message for operators; without secrets
  /// @param retriable another attempt may succeed
  public MoverFailure(String reason, String message, boolean retriable) {
    this(reason, message, retriable, null);
  }

  public MoverFailure(String reason, String message, boolean retriable, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.retriable = retriable;
  }

  public String reason() {
    return reason;
  }

  public boolean retriable() {
    return retriable;
  }

  /// The words of the failure.
  public String message() {
    String message = getMessage();
    return message == null ? reason : message;
  }
}
