package dev.longshore.engine.error;

/// The password does not open the repository.
public final class WrongPasswordException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  public WrongPasswordException(String message) {
    super(message);
  }

  public WrongPasswordException(String message, Throwable cause) {
    super(message, cause);
  }
}
