package dev.longshore.engine.error;

/// Somebody else holds what the operation needs: an upgrade lock, a maintenance lock.
public final class BusyException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public BusyException(String message) {
    super(message);
  }

  public BusyException(String message, Throwable cause) {
    super(message, cause);
  }
}
