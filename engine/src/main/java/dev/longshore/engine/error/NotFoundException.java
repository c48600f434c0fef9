package dev.longshore.engine.error;

/// A blob, content, object, manifest or repository that is not there.
public final class NotFoundException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public NotFoundException(String message) {
    super(message);
  }

  public NotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
