package dev.longshore.engine.error;

/// The repository, or what was asked of it, needs something this build or store does not have.
public final class UnsupportedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public UnsupportedException(String message) {
    super(message);
  }

  public UnsupportedException(String message, Throwable cause) {
    super(message, cause);
  }
}
