package dev.longshore.engine.repository;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.FileReason;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Small private files of this user: connections and passwords.
final class LocalFiles {
  private static final int MAX_BYTES = 1 << 20;

  private LocalFiles() {}

  /// A file's bytes; empty if it does not exist.
  static Optional<byte[]> read(Path file) throws RepositoryException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new DamagedException("file " + file + " is too long");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (DamagedException e) {
      throw e;
    } catch (IOException e) {
      throw failure("read", file, e);
    }
  }

  /// Writes or replaces a file as a whole, for its owner's eyes only.
  static void write(Path file, byte[] bytes) throws RepositoryException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    try {
      if (folder == null) {
        throw new IOException("it is a folder");
      }
      Files.createDirectories(folder, owner(folder, "rwx------"));
      Path temporary =
          Files.createTempFile(
              folder, target.getFileName() + ".", ".tmp", owner(folder, "rw-------"));
      try {
        try (FileChannel channel = FileChannel.open(temporary, Set.of(StandardOpenOption.WRITE))) {
          ByteBuffer rest = ByteBuffer.wrap(bytes);
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
          channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure("write", file, e);
    }
  }

  private static FileAttribute<?>[] owner(Path folder, String permissions) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /// Deletes a file; a missing one is no fault.
  static void delete(Path file) throws RepositoryException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failure("delete", file, e);
    }
  }

  private static StoreException failure(String what, Path file, IOException e) {
    return new StoreException(
        "cannot " + what + " " + file + ": " + FileReason.of(e), StoreException.Retry.NEVER, e);
  }
}
