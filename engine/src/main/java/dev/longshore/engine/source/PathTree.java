package dev.longshore.engine.source;

import dev.longshore.engine.error.FileReason;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A tree of this machine, by path, for systems without [dev.longshore.engine.posix.Posix]: slower,
/// blind to holes, and not safe against directories replaced by links while it runs. Names that are
/// no text are read with U+FFFD in them, as they would be stored.
final class PathTree implements SourceTree {
  private static final Comparator<Child> ORDER =
      Comparator.comparing((Child child) -> !child.isDirectory)
          .thenComparing(Child::name, RawText::compare);

  private final SourceEntry root;

  PathTree(Path path) throws IOException {
    Path base = path.getFileName();
    root = look(path, base == null ? path.toString() : base.toString());
  }

  @Override
  public SourceEntry root() {
    return root;
  }

  @Override
  public void close() {}

  private static SourceEntry look(Path path, String name) throws IOException {
    FileStatus status = status(path);
    return switch (status.kind()) {
      case REGULAR -> new RegularFile(path, name, status);
      case DIRECTORY -> new Directory(path, name, status);
      case SYMLINK -> new Symlink(path, name, status);
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE, UNKNOWN -> new SourceOther(name, status);
    };
  }

  private static FileStatus status(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      Map<String, Object> map =
          Files.readAttributes(
              path, "unix:mode,uid,gid,size,lastModifiedTime,dev,ino,nlink", NOFOLLOW);
      Instant mtime = time(map);
      return new FileStatus(
          (int) number(map, "mode"),
          (int) number(map, "uid"),
          (int) number(map, "gid"),
          number(map, "size"),
          mtime.getEpochSecond(),
          mtime.getNano(),
          number(map, "size"),
          number(map, "dev"),
          number(map, "ino"),
          number(map, "nlink"),
          0);
    }
    BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW);
    FileKind kind =
        basic.isDirectory()
            ? FileKind.DIRECTORY
            : basic.isSymbolicLink()
                ? FileKind.SYMLINK
                : basic.isRegularFile() ? FileKind.REGULAR : FileKind.UNKNOWN;
    Instant mtime = basic.lastModifiedTime().toInstant();
    int permissions = kind == FileKind.DIRECTORY || kind == FileKind.SYMLINK ? 0777 : 0666;
    return new FileStatus(
        kind.bits() | permissions,
        0,
        0,
        basic.size(),
        mtime.getEpochSecond(),
        mtime.getNano(),
        basic.size(),
        0,
        0,
        1,
        0);
  }

  private static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

  private static long number(Map<String, Object> attributes, String key) {
    return attributes.get(key) instanceof Number number ? number.longValue() : 0;
  }

  private static Instant time(Map<String, Object> attributes) {
    return attributes.get("lastModifiedTime") instanceof FileTime time
        ? time.toInstant()
        : Instant.EPOCH;
  }

  /// A fault in the words of the other implementation.
  private static IOException fault(String call, Path path, IOException e) {
    return new IOException(words(call, path, e), e);
  }

  private static String words(String call, Path path, IOException e) {
    return call + " " + path + ": " + FileReason.of(e);
  }

  private record Child(Path path, String name, boolean isDirectory) {}

  private record Directory(Path path, String name, FileStatus status) implements SourceDirectory {
    @Override
    public SourceListing open() throws IOException {
      List<Child> children = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
        for (Path child : stream) {
          children.add(
              new Child(
                  child, String.valueOf(child.getFileName()), Files.isDirectory(child, NOFOLLOW)));
        }
      } catch (IOException e) {
        throw fault("unable to read directory: open", path, e);
      }
      children.sort(ORDER);
      return new Listing(children);
    }
  }

  private static final class Listing implements SourceListing {
    private final List<Child> children;
    private int next;

    Listing(List<Child> children) {
      this.children = children;
    }

    @Override
    public @Nullable SourceEntry next() throws IOException {
      while (next < children.size()) {
        SourceEntry entry = entry(children.get(next++));
        if (entry != null) {
          return entry;
        }
      }
      return null;
    }

    @Override
    public Optional<SourceEntry> find(String name) throws IOException {
      for (Child child : children) {
        if (child.name.equals(name)) {
          return Optional.ofNullable(entry(child));
        }
      }
      return Optional.empty();
    }

    private static @Nullable SourceEntry entry(Child child) throws IOException {
      try {
        return look(child.path, child.name);
      } catch (NoSuchFileException e) {
        return null;
      } catch (AccessDeniedException e) {
        int mode = child.isDirectory ? FileKind.DIRECTORY.bits() : 0;
        return new SourceFault(
            child.name,
            new FileStatus(mode, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            words("lstat", child.path, e),
            child.isDirectory);
      } catch (IOException e) {
        throw fault("error reading directory: lstat", child.path, e);
      }
    }

    @Override
    public void close() {}
  }

  private record RegularFile(Path path, String name, FileStatus status) implements SourceFile {
    @Override
    public SourceReader open() throws IOException {
      try {
        return new Reader(FileChannel.open(path, StandardOpenOption.READ, NOFOLLOW), this);
      } catch (IOException e) {
        throw fault("unable to open local file: open", path, e);
      }
    }
  }

  private record Symlink(Path path, String name, FileStatus status) implements SourceSymlink {
    @Override
    public byte[] target() throws IOException {
      try {
        return RawText.encode(Files.readSymbolicLink(path).toString());
      } catch (IOException e) {
        throw fault("readlink", path, e);
      }
    }

    @Override
    public Optional<SourceFile> resolveFile() throws IOException {
      Path real = path.toRealPath();
      return look(real, real.toString()) instanceof SourceFile file
          ? Optional.of(file)
          : Optional.empty();
    }
  }

  private static final class Reader implements SourceReader {
    private final FileChannel channel;
    private final RegularFile entry;

    Reader(FileChannel channel, RegularFile entry) {
      this.channel = channel;
      this.entry = entry;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return channel.read(ByteBuffer.wrap(target, offset, length));
      } catch (IOException e) {
        throw fault("read", entry.path, e);
      }
    }

    @Override
    public long skipHole(long limit) {
      return 0;
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
    }

    @Override
    public boolean changed() throws IOException {
      FileStatus now = PathTree.status(entry.path);
      return now.sizeBytes() != entry.status.sizeBytes()
          || now.mtimeEpochNanos() != entry.status.mtimeEpochNanos();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing was written: there is nothing to lose.
      }
    }
  }
}
