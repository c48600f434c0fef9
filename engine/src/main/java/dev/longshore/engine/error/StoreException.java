package dev.longshore.engine.error;

/// A store that could not do what it was asked: I/O, permissions, network, no space.
public final class StoreException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /// Whether trying the same call again can help; decided where the fault is seen, acted on only by
  /// the retrying store.
  public enum Retry {
    NEVER,
    BACKOFF
  }

  private final Retry retry;

  public StoreException(String message, Retry retry, Throwable cause) {
    super(message, cause);
    this.retry = retry;
  }

  public StoreException(String message, Retry retry) {
    super(message);
    this.retry = retry;
  }

  /// Whether trying again can help.
  public Retry retry() {
    return retry;
  }
}
