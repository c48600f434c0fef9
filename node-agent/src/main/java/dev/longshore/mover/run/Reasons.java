package dev.longshore.mover.run;

import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.OsException;
import java.io.IOException;
import java.util.List;

/// Why tasks fail, each in one word, and which word an exception stands for.
public final class Reasons {
  public static final String BAD_OPTIONS = "BadOptions";

  /// The storage location or its credentials make no sense, or need what is not supported.
  public static final String BAD_LOCATION = "BadLocation";

  public static final String CREDENTIALS_REJECTED = "CredentialsRejected";
  public static final String REPOSITORY_UNAVAILABLE = "RepositoryUnavailable";
  public static final String REPOSITORY_MISSING = "RepositoryMissing";

  /// Something else is where the repository should be.
  public static final String FOREIGN_DATA = "ForeignData";

  /// The two blobs that a repository of Velero's begins with contradict each other.
  public static final String REPOSITORY_MISMATCH = "RepositoryMismatch";

  public static final String REPOSITORY_DAMAGED = "RepositoryDamaged";
  public static final String REPOSITORY_UNSUPPORTED = "RepositoryUnsupported";
  public static final String REPOSITORY_BUSY = "RepositoryBusy";
  public static final String WRONG_PASSWORD = "WrongPassword";

  /// The store or the volume is full.
  public static final String NO_SPACE_LEFT = "NoSpaceLeft";

  public static final String VOLUME_UNREADABLE = "VolumeUnreadable";
  public static final String VOLUME_UNWRITABLE = "VolumeUnwritable";

  /// There is no volume at the path, or more than one.
  public static final String VOLUME_MISSING = "VolumeMissing";

  public static final String METADATA_FAILED = "MetadataFailed";
  public static final String SNAPSHOT_NOT_FOUND = "SnapshotNotFound";
  public static final String SNAPSHOT_DAMAGED = "SnapshotDamaged";

  /// What was uploaded does not read back.
  public static final String VERIFICATION_FAILED = "VerificationFailed";

  public static final String OUT_OF_MEMORY = "OutOfMemory";
  public static final String INTERNAL_ERROR = "InternalError";

  private static final int EROFS = 30;
  private static final int EDQUOT = 122;
  private static final int MAX_CAUSES = 16;

  /// What stores say when they do not accept who asks.
  private static final List<String> REJECTED =
      List.of(
          " 401 ",
          " 403 ",
          "AccessDenied",
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "AuthenticationFailed",
          "no token of Entra ID",
          "Unable to load credentials");

  private Reasons() {}

  /// What a failure of the repository or its store means.
  public static MoverFailure of(RepositoryException e) {
    String message = message(e);
    return switch (e) {
      case WrongPasswordException _ -> new MoverFailure(WRONG_PASSWORD, message, false, e);
      case NotFoundException _ -> new MoverFailure(REPOSITORY_DAMAGED, message, true, e);
      case DamagedException _ -> new MoverFailure(REPOSITORY_DAMAGED, message, false, e);
      case UnsupportedException _ -> new MoverFailure(REPOSITORY_UNSUPPORTED, message, false, e);
      case ExistsException _ -> new MoverFailure(FOREIGN_DATA, message, false, e);
      case BusyException _ -> new MoverFailure(REPOSITORY_BUSY, message, true, e);
      case StoreException _ -> ofStore(message, e);
      default -> new MoverFailure(REPOSITORY_UNAVAILABLE, message, true, e);
    };
  }

  private static MoverFailure ofStore(String message, RepositoryException e) {
    if (errno(e) == Errno.ENOSPC || errno(e) == EDQUOT || message.contains("no space left")) {
      return new MoverFailure(NO_SPACE_LEFT, message, true, e);
    }
    String padded = message + " ";
    for (String word : REJECTED) {
      if (padded.contains(word)) {
        return new MoverFailure(CREDENTIALS_REJECTED, message, false, e);
      }
    }
    return new MoverFailure(REPOSITORY_UNAVAILABLE, message, true, e);
  }

  /// What a failure to read a volume means.
  public static MoverFailure ofVolume(IOException e) {
    return e instanceof RepositoryException known
        ? of(known)
        : new MoverFailure(VOLUME_UNREADABLE, message(e), true, e);
  }

  /// What a failure to write a volume means.
  public static MoverFailure ofTarget(IOException e) {
    if (e instanceof RepositoryException known) {
      return of(known);
    }
    int errno = errno(e);
    if (errno == Errno.ENOSPC || errno == EDQUOT) {
      return new MoverFailure(NO_SPACE_LEFT, message(e), false, e);
    }
    return new MoverFailure(VOLUME_UNWRITABLE, message(e), errno != EROFS, e);
  }

  /// The system's number of what lies beneath a failure; 0 if it does not tell.
  private static int errno(Throwable e) {
    Throwable at = e;
    for (int i = 0; at != null && i < MAX_CAUSES; i++) {
      if (at instanceof OsException os) {
        return os.errno();
      }
      if (String.valueOf(at.getMessage()).contains("No space left on device")) {
        return Errno.ENOSPC;
      }
      at = at.getCause();
    }
    return 0;
  }

  /// The words of an exception.
  public static String message(Throwable e) {
    String message = e.getMessage();
    if (e instanceof java.nio.file.NoSuchFileException) {
      return message + ": no such file or directory";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return message + ": permission denied";
    }
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
