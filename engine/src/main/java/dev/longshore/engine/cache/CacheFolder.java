package dev.longshore.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A folder of a cache and the file `state` in it, by which processes agree on how full it is.
///
/// Whoever adds to the folder holds the file's lock. The file says how many bytes are taken at
/// most, and until when nothing can be thrown out; it may be wrong only by too much: what is
/// written to it comes before what it speaks of. Gone, damaged, or replaced, it is made anew from
/// what lies in the folder.
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 8 | `LSCSTAT1` |
/// | 8 | 8 | bytes taken |
/// | 16 | 8 | time until which only what is beyond the hard limit is thrown out, ms since 1970 |
/// | 24 | 4 | CRC-32C of what is before |
record CacheFolder(Path path) {
  private static final String STATE = "state";
  private static final long MAGIC = 0x4c53435354415431L;
  private static final int STATE_BYTES = 28;

  /// Half a second: longer than anybody needs to throw out some thousand files.
  private static final int LOCK_ATTEMPTS = 500;

  private static final long LOCK_PAUSE_NANOS = 1_000_000;

  /// File locks are of the whole process; this one is among its threads.
  private static final ReentrantLock LOCKING = new ReentrantLock();

  /// What the file says.
  record State(long usedBytes, long quietUntilMillis) {}

  /// The right to add; closing gives it back.
  static final class Lock implements AutoCloseable {
    private final FileChannel file;

    private Lock(FileChannel file) {
      this.file = file;
    }

    /// What the file says; null if it cannot be believed.
    @Nullable State state() throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(STATE_BYTES);
      while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
      bytes.flip();
      if (bytes.remaining() < STATE_BYTES
          || bytes.getLong(0) != MAGIC
          || bytes.getInt(24) != checksum(bytes)) {
        return null;
      }
      return new State(bytes.getLong(8), bytes.getLong(16));
    }

    void write(State state) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(STATE_BYTES);
      bytes.putLong(MAGIC).putLong(state.usedBytes).putLong(state.quietUntilMillis);
      bytes.putInt(checksum(bytes)).flip();
      while (bytes.hasRemaining()) {
        file.write(bytes, bytes.position());
      }
    }

    private static int checksum(ByteBuffer bytes) {
      CRC32C crc = new CRC32C();
      crc.update(bytes.slice(0, STATE_BYTES - 4));
      return (int) crc.getValue();
    }

    @Override
    public void close() throws IOException {
      try {
        file.close();
      } finally {
        LOCKING.unlock();
      }
    }
  }

  /// Makes the folder if it is not there.
  void make() throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path, owner("rwx------"));
    }
  }

  /// Makes the folder if it is not there, and waits a little for the right to add.
  ///
  /// @return null if somebody else keeps it
  @Nullable Lock lock() throws IOException {
    make();
    LOCKING.lock();
    try {
      Lock found = lockedFile();
      if (found == null) {
        LOCKING.unlock();
      }
      return found;
    } catch (IOException | RuntimeException e) {
      LOCKING.unlock();
      throw e;
    }
  }

  private @Nullable Lock lockedFile() throws IOException {
    Path state = path.resolve(STATE);
    for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
      Object before = key(state);
      FileChannel file =
          FileChannel.open(
              state,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              owner("rw-------"));
      try {
        if (file.tryLock() != null && before != null && before.equals(key(state))) {
          return new Lock(file);
        }
        // Somebody has the lock, or has cleared the cache, and a new file is the one that counts.
        file.close();
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
      if (before != null) {
        LockSupport.parkNanos(LOCK_PAUSE_NANOS);
      }
      if (Thread.currentThread().isInterrupted()) {
        return null;
      }
    }
    return null;
  }

  /// What tells a file from another of the same name; null if it is gone.
  private static @Nullable Object key(Path file) {
    try {
      Object key =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
      return key == null ? "" : key; // systems without keys do not let open files be deleted
    } catch (IOException e) {
      return null;
    }
  }

  /// Tells whether a file in the folder is none of the cache's entries.
  boolean isState(Path file) {
    return file.equals(path.resolve(STATE));
  }

  /// Makes the folder of a blob's parts.
  Path blobFolder(String blob) throws IOException {
    Path folder = path.resolve(blob);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, owner("rwx------"));
    }
    return folder;
  }

  private FileAttribute<?>[] owner(String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
