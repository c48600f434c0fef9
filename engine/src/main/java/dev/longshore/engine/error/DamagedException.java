package dev.longshore.engine.error;

/// Bytes of the repository are not what was written; the message names blob or content.
public final class DamagedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public DamagedException(String message) {
    super(message);
  }

  public DamagedException(String message, Throwable cause) {
    super(message, cause);
  }
}
