package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The folder of a repository's segments. Everything in it may be deleted at any time, by anybody.
///
/// A segment's name says of which index blobs it is made; it is there as a whole or not at all.
/// Files that end in `.tmp` are being written, or were when their writer died. Who writes holds a
/// lock, so that several processes do not all do the same.
record IndexFolder(Path path, RepositoryCrypto crypto, SecureRandom random) {
  private static final String SUFFIX = ".segment";
  private static final String UNFINISHED = ".tmp";
  private static final String LOCK = "lock";
  private static final int NAME_BYTES = 16;

  /// File locks are of the whole process; this one is among its threads.
  private static final ReentrantLock WRITING = new ReentrantLock();

  /// The right to write; closing gives it back.
  static final class Writing implements AutoCloseable {
    private final FileChannel lock;

    private Writing(FileChannel lock) {
      this.lock = lock;
    }

    @Override
    public void close() throws IOException {
      try {
        lock.close();
      } finally {
        WRITING.unlock();
      }
    }
  }

  /// Makes the folder; false if that, or writing in it, is not possible.
  boolean make() {
    try {
      Files.createDirectories(path, owner(path, "rwx------"));
    } catch (IOException e) {
      return false;
    }
    return Files.isWritable(path);
  }

  /// Makes the folder and waits for the right to write in it.
  Writing lock() throws IOException {
    Files.createDirectories(path, owner(path, "rwx------"));
    WRITING.lock();
    try {
      FileChannel channel =
          FileChannel.open(
              path.resolve(LOCK),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              owner(path, "rw-------"));
      try {
        channel.lock();
        return new Writing(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      WRITING.unlock();
      throw e;
    }
  }

  private static FileAttribute<?>[] owner(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /// The files of segments; none without the folder.
  List<Path> segments() throws IOException {
    return files("*" + SUFFIX);
  }

  private List<Path> files(String pattern) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(path, pattern)) {
      List<Path> all = new ArrayList<>();
      found.forEach(all::add);
      return all;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  /// A new empty file for its owner's eyes only.
  Path temporary() throws IOException {
    return Files.createTempFile(path, "index", UNFINISHED, owner(path, "rw-------"));
  }

  /// Writes a segment under the name of what it is made of.
  ///
  /// @param blobs of which it is made
  Segment write(List<? extends Run> runs, Collection<BlobId> blobs, int keyLength)
      throws IOException, RepositoryException {
    Path unfinished = temporary();
    try {
      writeTo(unfinished, runs, blobs, keyLength);
      Path finished = path.resolve(name(blobs) + SUFFIX);
      Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
      return Segment.open(finished, crypto);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /// Writes a segment whose file is gone once nobody uses it.
  Segment writeUnnamed(List<? extends Run> runs, int keyLength)
      throws IOException, RepositoryException {
    Path unfinished = temporary();
    try {
      writeTo(unfinished, runs, List.of(), keyLength);
      return Segment.open(unfinished, crypto);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void writeTo(
      Path unfinished, List<? extends Run> runs, Collection<BlobId> blobs, int keyLength)
      throws IOException, RepositoryException {
    byte[] salt = new byte[SegmentLayout.SALT_BYTES];
    random.nextBytes(salt);
    try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      new SegmentWriter(file, crypto, salt, keyLength).write(runs, blobs);
    }
  }

  private String name(Collection<BlobId> blobs) {
    StringBuilder names = new StringBuilder();
    blobs.stream().map(BlobId::value).sorted().forEach(name -> names.append(name).append('\n'));
    byte[] hash = crypto.hasher().hash(names.toString().getBytes(StandardCharsets.ISO_8859_1));
    return HexFormat.of().formatHex(Arrays.copyOf(hash, NAME_BYTES));
  }

  /// Deletes what nobody needs: unfinished files, and all segments but these. To be called with the
  /// lock held.
  void tidy(Collection<Segment> needed) throws IOException {
    Set<Path> stay = Set.copyOf(needed.stream().map(Segment::path).toList());
    for (Path file : segments()) {
      if (!stay.contains(file)) {
        Files.deleteIfExists(file);
      }
    }
    for (Path file : files("*" + UNFINISHED)) {
      Files.deleteIfExists(file);
    }
  }
}
