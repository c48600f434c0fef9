package dev.longshore.cli;

import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/// What `repo` returns to the shell. Stable: scripts depend on the numbers; 0 and 1 mean what they
/// mean in Kopia, and every other failure that Kopia reports as 1 has a number of its own here.
public enum ExitCode {
  /// Done, nothing to report.
  OK(0),
  /// The command failed, or finished with errors that it listed.
  FAILED(1),
  /// The command line, or what it was given to import, could not be understood.
  USAGE(2),
  /// A snapshot or restore finished, but some entries could not be read or written.
  INCOMPLETE(3),
  /// Not connected, or the repository, blob, content or snapshot is not there.
  NOT_FOUND(4),
  /// The password does not open the repository, or none was given.
  PASSWORD(5),
  /// Bytes of the repository are damaged.
  DAMAGED(6),
  /// The repository or the request needs something this build does not have.
  UNSUPPORTED(7),
  /// Somebody else holds what the command needs.
  BUSY(8),
  /// The store failed: I/O, permission, network, no space.
  STORE(9),
  /// What was to be made is there already.
  EXISTS(10),
  /// A defect of this program.
  DEFECT(70),
  /// Interrupted by a signal.
  INTERRUPTED(130),
  /// Whoever read standard output went away before the end; the number of a program that a closed
  /// pipe ended.
  READER_GONE(141);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /// The process's exit status.
  public int number() {
    return number;
  }

  /// The code for a failure that did not come from the engine: of bytes it handed out, or a file of
  /// the user's.
  static ExitCode of(IOException failure) {
    return switch (failure) {
      case RepositoryException engine -> of(engine);
      case CorruptException _ -> DAMAGED;
      case UnsupportedFormatException _ -> UNSUPPORTED;
      case FileAlreadyExistsException _ -> EXISTS;
      default -> FAILED;
    };
  }

  /// The code for a failure of the engine.
  public static ExitCode of(RepositoryException failure) {
    return switch (failure) {
      case BusyException _ -> BUSY;
      case DamagedException _ -> DAMAGED;
      case ExistsException _ -> EXISTS;
      case NotFoundException _ -> NOT_FOUND;
      case StoreException _ -> STORE;
      case UnsupportedException _ -> UNSUPPORTED;
      case WrongPasswordException _ -> PASSWORD;
    };
  }
}
