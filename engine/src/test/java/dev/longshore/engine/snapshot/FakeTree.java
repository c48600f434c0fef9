package dev.longshore.engine.snapshot;

import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceReader;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A source made up by a test; whatever a test wants to go wrong is a lambda.
final class FakeTree {
  static final long MTIME = 1_700_000_000;

  private FakeTree() {}

  static SourceTree of(SourceEntry root) {
    return new SourceTree() {
      @Override
      public SourceEntry root() {
        return root;
      }

      @Override
      public void close() {}
    };
  }

  static FileStatus status(FileKind kind, long size) {
    int mode = kind.bits() | (kind == FileKind.DIRECTORY ? 0755 : 0644);
    return new FileStatus(mode, 10, 20, size, MTIME, 5, size, 1, 1, 1, 0);
  }

  /// Opens something, or fails.
  @FunctionalInterface
  interface Opening<T> {
    T open() throws IOException;
  }

  static Directory directory(String name, SourceEntry... children) {
    return new Directory(name, status(FileKind.DIRECTORY, 0), () -> new Listing(List.of(children)));
  }

  static Directory unreadable(String name, String message) {
    return new Directory(
        name,
        status(FileKind.DIRECTORY, 0),
        () -> {
          throw new IOException(message);
        });
  }

  static File file(String name, byte[] content) {
    return new File(name, status(FileKind.REGULAR, content.length), () -> new BytesReader(content));
  }

  static File failing(String name, String message) {
    return new File(
        name,
        status(FileKind.REGULAR, 10),
        () -> {
          throw new IOException(message);
        });
  }

  record Directory(String name, FileStatus status, Opening<SourceListing> opening)
      implements SourceDirectory {
    @Override
    public SourceListing open() throws IOException {
      return opening.open();
    }
  }

  record File(String name, FileStatus status, Opening<SourceReader> opening) implements SourceFile {
    @Override
    public SourceReader open() throws IOException {
      return opening.open();
    }
  }

  record Link(String name, FileStatus status, Opening<byte[]> reading) implements SourceSymlink {
    @Override
    public byte[] target() throws IOException {
      return reading.open();
    }

    @Override
    public Optional<SourceFile> resolveFile() {
      return Optional.empty();
    }
  }

  static class Listing implements SourceListing {
    private final List<SourceEntry> entries;
    private int next;

    Listing(List<SourceEntry> children) {
      entries = new ArrayList<>(children);
      entries.sort(
          Comparator.comparing((SourceEntry e) -> !(e instanceof SourceDirectory))
              .thenComparing(SourceEntry::name, RawText::compare));
    }

    @Override
    public @Nullable SourceEntry next() throws IOException {
      return next < entries.size() ? entries.get(next++) : null;
    }

    @Override
    public Optional<SourceEntry> find(String name) {
      return entries.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    @Override
    public void close() {}
  }

  static class BytesReader implements SourceReader {
    private final byte[] content;
    private int position;

    BytesReader(byte[] content) {
      this.content = content;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = Math.min(length, content.length - position);
      if (n <= 0) {
        return -1;
      }
      System.arraycopy(content, position, target, offset, n);
      position += n;
      return n;
    }

    @Override
    public long skipHole(long limit) {
      return 0;
    }

    @Override
    public void seek(long newPosition) {
      position = Math.toIntExact(newPosition);
    }

    @Override
    public boolean changed() {
      return false;
    }

    @Override
    public void close() {}
  }

  /// A stored tree as a source: uploading it again must give the same objects.
  static SourceEntry stored(TestRepository repository, DirEntry entry) {
    int mode = dev.longshore.format.directory.GoFileMode.toUnix(entry.mode());
    FileKind kind =
        switch (entry.type()) {
          case DIRECTORY -> FileKind.DIRECTORY;
          case SYMLINK -> FileKind.SYMLINK;
          case FILE, UNKNOWN -> FileKind.REGULAR;
        };
    FileStatus status =
        new FileStatus(
            kind.bits() | mode,
            (int) entry.uid(),
            (int) entry.gid(),
            entry.sizeBytes(),
            Math.floorDiv(entry.mtimeNanos(), 1_000_000_000L),
            (int) Math.floorMod(entry.mtimeNanos(), 1_000_000_000L),
            entry.sizeBytes(),
            1,
            1,
            1,
            0);
    return switch (entry.type()) {
      case DIRECTORY ->
          new Directory(entry.name(), status, () -> new Listing(children(repository, entry)));
      case SYMLINK -> new Link(entry.name(), status, () -> repository.read(entry));
      case FILE, UNKNOWN ->
          new File(entry.name(), status, () -> new BytesReader(repository.read(entry)));
    };
  }

  private static List<SourceEntry> children(TestRepository repository, DirEntry directory)
      throws IOException {
    List<SourceEntry> children = new ArrayList<>();
    try (DirectoryCursor cursor = repository.tree().open(directory)) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        children.add(stored(repository, entry));
      }
    }
    return children;
  }
}
