package dev.longshore.engine.error;

import java.io.IOException;

/// A failure of a repository operation.
///
/// The subclasses say what a caller can do: look elsewhere ([NotFoundException]), stop trusting the
/// data ([DamagedException]), use another version or setting ([UnsupportedException]), ask for
/// another password ([WrongPasswordException]), wait ([BusyException]), choose another place
/// ([ExistsException]) or look at the store ([StoreException]). Messages name the blob, content or
/// object and never hold secrets.
public abstract sealed class RepositoryException extends IOException
    permits BusyException,
        DamagedException,
        ExistsException,
        NotFoundException,
        StoreException,
        UnsupportedException,
        WrongPasswordException {
  private static final long serialVersionUID = 1L;

  RepositoryException(String message) {
    super(message);
  }

  RepositoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
