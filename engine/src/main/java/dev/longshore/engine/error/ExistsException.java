package dev.longshore.engine.error;

/// What was to be made is there already: a repository, or other data in its place.
public final class ExistsException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public ExistsException(String message) {
    super(message);
  }

  public ExistsException(String message, Throwable cause) {
    super(message, cause);
  }
}
