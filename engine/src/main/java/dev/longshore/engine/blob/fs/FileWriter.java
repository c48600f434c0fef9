package dev.longshore.engine.blob.fs;

import dev.longshore.engine.blob.PutOptions;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Puts files in place atomically and durably, and makes the folders they need.
final class FileWriter {
  private static final System.Logger LOG = System.getLogger(FileWriter.class.getName());
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final int DEFAULT_FILE_MODE = 0600;
  private static final int DEFAULT_DIR_MODE = 0700;
  private static final int WRITE_BYTES = 256 << 10;
  private static final int DIRECT_BYTES = 4 << 20;

  private final Path root;
  private final FilesystemOptions options;
  private final boolean posix;
  private final WriteBehind behind = new WriteBehind();

  FileWriter(Path root, FilesystemOptions options) {
    this.root = root;
    this.options = options;
    this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// Makes the store's folder and those above it, unless it is there.
  void createRoot() throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root, attributes(options.dirMode(), DEFAULT_DIR_MODE));
    }
  }

  /// Writes the remaining bytes as `file`; true unless it was to be absent and is not.
  boolean write(Path file, ByteBuffer content, PutOptions put) throws IOException {
    int length = content.remaining();
    try (Draft draft = begin(file, length)) {
      draft.write(0, content);
      return draft.publish(length, put);
    }
  }

  /// Begins a file under a temporary name beside its own.
  ///
  /// @param expectedBytes a long one is written past the page cache
  Draft begin(Path file, int expectedBytes) throws IOException {
    Path folder = folderOf(file);
    long tag = ThreadLocalRandom.current().nextLong();
    Path temporary = folder.resolve(file.getFileName() + ".tmp." + HexFormat.of().toHexDigits(tag));
    FileChannel channel = openTemporary(temporary, folder);
    return new Draft(
        file,
        temporary,
        channel,
        expectedBytes >= DIRECT_BYTES
            ? DirectWriter.open(temporary, channel, behind)
            : Optional.empty());
  }

  /// A file being written. Closing removes it unless it was published.
  final class Draft implements AutoCloseable {
    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final Optional<DirectWriter> direct;
    private boolean moved;

    private Draft(Path file, Path temporary, FileChannel channel, Optional<DirectWriter> direct) {
      this.file = file;
      this.temporary = temporary;
      this.channel = channel;
      this.direct = direct;
    }

    /// Writes the remaining bytes; may be called by many threads.
    void write(long offset, ByteBuffer content) throws IOException {
      if (direct.isPresent()) {
        direct.get().write(offset, content);
        return;
      }
      // The channel copies what it writes at once into native memory, and keeps that.
      int end = content.limit();
      long at = offset;
      while (content.position() < end) {
        content.limit(content.isDirect() ? end : Math.min(end, content.position() + WRITE_BYTES));
        at += channel.write(content, at);
      }
    }

    /// Fills the buffer with what was written.
    void read(long offset, ByteBuffer into) throws IOException {
      if (direct.isPresent()) {
        direct.get().read(offset, into);
      } else {
        readFully(channel, offset, into);
      }
    }

    /// Makes it durable and gives it its name; true unless it was to be absent and is not. Once:
    /// the system tells only once that it lost what was written.
    ///
    /// @throws IOException also if another length was written
    boolean publish(long length, PutOptions put) throws IOException {
      if (direct.isPresent()) {
        direct.get().finish(length);
      }
      if (channel.size() != length) {
        throw new IOException(
            temporary + ": expected " + length + " bytes, found " + channel.size());
      }
      if (put.time().isPresent()) {
        Files.setLastModifiedTime(temporary, FileTime.from(put.time().get()));
      }
      channel.force(true);
      giveAway(temporary);
      if (put.ifAbsent()) {
        try {
          // A link fails if the name exists, which a rename does not.
          Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
          return false;
        }
      } else {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        moved = true;
      }
      force(folderOf(file));
      return true;
    }

    @Override
    public void close() throws IOException {
      direct.ifPresent(DirectWriter::close);
      channel.close();
      if (!moved) {
        moved = true;
        Files.deleteIfExists(temporary);
      }
    }
  }

  /// Fills the buffer.
  static void readFully(FileChannel channel, long offset, ByteBuffer into) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int n = channel.read(into, at);
      if (n < 0) {
        throw new EOFException("ends at " + at);
      }
      at += n;
    }
  }

  private FileChannel openTemporary(Path temporary, Path folder) throws IOException {
    try {
      return openNew(temporary);
    } catch (NoSuchFileException e) {
      createFolders(folder);
      return openNew(temporary);
    }
  }

  private FileChannel openNew(Path temporary) throws IOException {
    return FileChannel.open(
        temporary,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ),
        attributes(options.fileMode(), DEFAULT_FILE_MODE));
  }

  /// Makes the folders between the root and `folder`, each durable in the one above.
  private void createFolders(Path folder) throws IOException {
    if (folder.equals(root) || Files.isDirectory(folder)) {
      return;
    }
    Path above = folderOf(folder);
    createFolders(above);
    try {
      Files.createDirectory(folder, attributes(options.dirMode(), DEFAULT_DIR_MODE));
    } catch (FileAlreadyExistsException e) {
      return; // somebody else needed it too
    }
    force(above);
  }

  private Path folderOf(Path file) {
    Path folder = file.getParent();
    return folder == null ? root : folder;
  }

  private void force(Path folder) throws IOException {
    if (!posix) {
      return; // Windows cannot open a folder
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Only root may, and a failure does no harm: the blob is readable by whoever wrote it.
  private void giveAway(Path temporary) {
    if (!posix || options.uid() < 0 || options.gid() < 0) {
      return;
    }
    try {
      Object owner = Files.getAttribute(temporary, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (Integer.valueOf(0).equals(owner)) {
        Files.setAttribute(temporary, "unix:gid", options.gid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(temporary, "unix:uid", options.uid(), LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot change the owner of " + temporary, e);
    }
  }

  private FileAttribute<?>[] attributes(int mode, int defaultMode) {
    if (!posix) {
      return NO_ATTRIBUTES;
    }
    int bits = mode == 0 ? defaultMode : mode;
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] fromHighest = PosixFilePermission.values();
    for (int i = 0; i < fromHighest.length; i++) {
      if ((bits & (0400 >> i)) != 0) {
        permissions.add(fromHighest[i]);
      }
    }
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }
}
