package dev.longshore.engine.maintenance;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Keeps two processes of one client from maintaining a repository at the same time, be they of
/// Kopia or of this program: a lock on the file `<connection>.mlock`, of the kind that Kopia takes.
/// Other clients are kept off by not being the owner.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_run.go` (`gofrs/flock`).
final class MaintenanceLock implements AutoCloseable {
  private static final String SUFFIX = ".mlock";
  private static final int OWNER_ONLY = 0600;

  private interface Release {
    void run() throws IOException;
  }

  private final Release release;

  private MaintenanceLock(Release release) {
    this.release = release;
  }

  /// The file beside a connection.
  static Path file(Path connection) {
    Path absolute = connection.toAbsolutePath();
    return absolute.resolveSibling(absolute.getFileName() + SUFFIX);
  }

  /// Takes the lock; empty if somebody else has it.
  static Optional<MaintenanceLock> tryTake(Path file) throws RepositoryException {
    try {
      return Posix.isAvailable() ? posix(file) : portable(file);
    } catch (IOException e) {
      throw new StoreException("cannot lock " + file + ": " + e.getMessage(), Retry.NEVER, e);
    }
  }

  private static Optional<MaintenanceLock> posix(Path file) throws OsException {
    byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
    int fd = Posix.openat(Posix.AT_FDCWD, name, Posix.O_RDWR | Posix.O_CREAT, OWNER_ONLY);
    boolean taken = false;
    try {
      taken = Posix.tryLock(fd);
      return taken ? Optional.of(new MaintenanceLock(() -> Posix.close(fd))) : Optional.empty();
    } finally {
      if (!taken) {
        Posix.close(fd);
      }
    }
  }

  private static Optional<MaintenanceLock> portable(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new MaintenanceLock(channel::close));
  }

  @Override
  public void close() throws RepositoryException {
    try {
      release.run();
    } catch (IOException e) {
      throw new StoreException("cannot unlock: " + e.getMessage(), Retry.NEVER, e);
    }
  }
}
