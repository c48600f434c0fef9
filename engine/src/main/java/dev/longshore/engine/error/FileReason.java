package dev.longshore.engine.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What went wrong with a file, in the words of other tools. The JDK's exceptions say which file,
/// and of the usual reasons only their class.
public final class FileReason {
  private FileReason() {}

  /// The reason alone, without the file.
  public static String of(IOException fault) {
    return switch (fault) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or directory";
      case FileAlreadyExistsException _ -> "exists already";
      case DirectoryNotEmptyException _ -> "directory not empty";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
    };
  }
}
