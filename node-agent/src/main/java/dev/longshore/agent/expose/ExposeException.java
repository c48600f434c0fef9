package dev.longshore.agent.expose;

import java.io.Serial;

/// A volume that cannot be exposed, whatever is waited for.
public final class ExposeException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /// @param message what, where and why, for the transfer's status
  public ExposeException(String message) {
    super(message);
  }
}
