package dev.longshore.engine.blob.fs;

import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/// Says what an I/O fault means for a caller: gone, hopeless, or worth another try.
final class StoreFaults {
  private StoreFaults() {}

  /// @param what the call and the blob: `put p6259…`
  static RepositoryException of(String what, IOException fault) {
    if (fault instanceof NoSuchFileException) {
      return new NotFoundException(what + ": it is not there", fault);
    }
    if (fault instanceof ClosedByInterruptException) {
      return new StoreException(what + ": interrupted", Retry.NEVER, fault);
    }
    if (fault instanceof AccessDeniedException) {
      return new StoreException(
          what + ": permission denied on " + fault.getMessage(), Retry.NEVER, fault);
    }
    String reason = reason(fault);
    String lower = reason.toLowerCase(Locale.ROOT);
    boolean hopeless =
        lower.contains("read-only")
            || lower.contains("symbolic links")
            || lower.contains("not a directory")
            || lower.contains("is a directory")
            || lower.contains("name too long");
    return new StoreException(what + ": " + reason, hopeless ? Retry.NEVER : Retry.BACKOFF, fault);
  }

  /// As [#of], for a write of `bytes`: a full disk is told as what it is, in whatever language the
  /// system speaks.
  static RepositoryException ofWrite(String what, Path root, long bytes, IOException fault) {
    String reason = reason(fault);
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota") || isFull(root, bytes)) {
      return new StoreException(
          what + ": no space left for " + bytes + " bytes in " + root, Retry.NEVER, fault);
    }
    return of(what, fault);
  }

  private static boolean isFull(Path root, long bytes) {
    File place = root.toFile();
    return place.getTotalSpace() > 0 && place.getUsableSpace() < bytes;
  }

  private static String reason(IOException fault) {
    String reason =
        fault instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : fault.getMessage();
    return reason == null ? fault.getClass().getSimpleName() : reason;
  }
}
