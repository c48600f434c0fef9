package dev.longshore.engine.simulation;

import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceReader;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A small tree that changes: files in two directories, many of which have the same contents as
/// files elsewhere or before.
final class SourceModel {
  private static final List<String> DIRECTORIES = List.of("", "a/", "b/");
  private static final int MAX_FILES = 8;
  private static final int MAX_FILE_BYTES = 2500;

  private final RandomGenerator random;
  private final List<byte[]> pool;
  private final Map<String, File> files = new TreeMap<>();
  private long changes = 1_700_000_000;

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record File(byte[] bytes, long mtimeSeconds) {}

  /// What happens when a file is opened; may take time.
  @FunctionalInterface
  interface Opening {
    void open(String path) throws IOException;
  }

  /// @param pool contents that come again and again, in other sources too; new ones are added
  SourceModel(RandomGenerator random, List<byte[]> pool) {
    this.random = random;
    this.pool = pool;
    for (int i = 0; i < 4; i++) {
      change();
    }
  }

  /// Adds, changes or removes a file.
  void change() {
    String path =
        DIRECTORIES.get(random.nextInt(DIRECTORIES.size())) + "f" + random.nextInt(MAX_FILES / 2);
    if (random.nextInt(5) == 0) {
      files.remove(path);
    } else {
      files.put(path, new File(content(), ++changes));
    }
  }

  private byte[] content() {
    if (pool.isEmpty() || random.nextBoolean()) {
      pool.add(Seeds.bytes(random, 1 + random.nextInt(MAX_FILE_BYTES)));
      return pool.getLast();
    }
    return pool.get(random.nextInt(pool.size()));
  }

  /// The files as they are, by path.
  Map<String, File> files() {
    return new LinkedHashMap<>(files);
  }

  /// The bytes of some files.
  static Map<String, byte[]> bytes(Map<String, File> files) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((path, file) -> bytes.put(path, file.bytes));
    return bytes;
  }

  /// A source to read.
  static SourceTree tree(Map<String, File> files, Opening opening) {
    Map<String, List<SourceEntry>> below = new TreeMap<>();
    files.forEach((path, file) -> {
      int slash = path.indexOf('/');
      below
          .computeIfAbsent(slash < 0 ? "" : path.substring(0, slash), _ -> new ArrayList<>())
          .add(new Leaf(path.substring(slash + 1), status(file), file.bytes, path, opening));
    });
    List<SourceEntry> top = new ArrayList<>();
    below.forEach((name, entries) -> {
      if (!name.isEmpty()) {
        top.add(new Directory(name, directoryStatus(), entries));
      }
    });
    top.addAll(below.getOrDefault("", List.of()));
    SourceEntry root = new Directory("src", directoryStatus(), top);
    return new SourceTree() {
      @Override
      public SourceEntry root() {
        return root;
      }

      @Override
      public void close() {}
    };
  }

  private static FileStatus status(File file) {
    int mode = FileKind.REGULAR.bits() | 0644;
    return new FileStatus(
        mode, 1, 1, file.bytes.length, file.mtimeSeconds, 0, file.bytes.length, 1, 1, 1, 0);
  }

  private static FileStatus directoryStatus() {
    return new FileStatus(FileKind.DIRECTORY.bits() | 0755, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0);
  }

  private record Directory(String name, FileStatus status, List<SourceEntry> entries)
      implements SourceDirectory {
    @Override
    public SourceListing open() {
      return new Listing(entries);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Leaf(String name, FileStatus status, byte[] bytes, String path, Opening opening)
      implements SourceFile {
    @Override
    public SourceReader open() throws IOException {
      opening.open(path);
      return new Reader(bytes);
    }
  }

  private static final class Listing implements SourceListing {
    private final List<SourceEntry> entries;
    private int next;

    Listing(List<SourceEntry> entries) {
      this.entries = entries;
    }

    @Override
    public @Nullable SourceEntry next() {
      return next < entries.size() ? entries.get(next++) : null;
    }

    @Override
    public Optional<SourceEntry> find(String name) {
      return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    @Override
    public void close() {}
  }

  private static final class Reader implements SourceReader {
    private final byte[] bytes;
    private int position;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int n = Math.min(length, bytes.length - position);
      System.arraycopy(bytes, position, target, offset, Math.max(n, 0));
      position += Math.max(n, 0);
      return n <= 0 ? -1 : n;
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
}
