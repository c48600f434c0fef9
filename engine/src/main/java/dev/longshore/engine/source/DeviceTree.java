package dev.longshore.engine.source;

import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A made-up directory whose only file is a block device: what Velero's uploader makes of a volume
/// in block mode, but a file that can be read in parts.
final class DeviceTree implements SourceTree {
  private final Root root;

  /// @param path of a block device, or of a file that holds the image of one
  /// @param fileName the file's
  /// @param now the file's modification time
  /// @throws IOException if there is none
  DeviceTree(String path, String fileName, Instant now) throws IOException {
    long size = size(path);
    root =
        new Root(
            path,
            status(FileKind.DIRECTORY, 0, GoTime.ZERO),
            new Device(fileName, path, status(FileKind.REGULAR, size, now)));
  }

  private static long size(String path) throws IOException {
    int fd = open(path);
    try {
      FileStatus status = Posix.fstat(fd);
      return switch (status.kind()) {
        case BLOCK_DEVICE -> Posix.blockDeviceSize(fd);
        case REGULAR -> status.sizeBytes();
        default -> throw new IOException(path + " is neither a block device nor a file");
      };
    } finally {
      Posix.close(fd);
    }
  }

  private static int open(String path) throws OsException {
    return Posix.openat(Posix.AT_FDCWD, RawText.encode(path), Posix.O_RDONLY, 0);
  }

  private static FileStatus status(FileKind kind, long sizeBytes, Instant mtime) {
    return new FileStatus(
        kind.bits() | 0777,
        0,
        0,
        sizeBytes,
        mtime.getEpochSecond(),
        mtime.getNano(),
        0,
        0,
        0,
        1,
        0);
  }

  @Override
  public SourceEntry root() {
    return root;
  }

  @Override
  public void close() {}

  private record Device(String name, String path, FileStatus status) implements SourceFile {
    @Override
    public SourceReader open() throws IOException {
      return new DeviceReader(DeviceTree.open(path), status.sizeBytes());
    }
  }

  private record Root(String name, FileStatus status, Device device) implements SourceDirectory {
    @Override
    public SourceListing open() {
      return new One(device);
    }
  }

  private static final class One implements SourceListing {
    private final SourceEntry entry;
    private boolean done;

    One(SourceEntry entry) {
      this.entry = entry;
    }

    @Override
    public @Nullable SourceEntry next() {
      boolean first = !done;
      done = true;
      return first ? entry : null;
    }

    @Override
    public Optional<SourceEntry> find(String name) {
      return entry.name().equals(name) ? Optional.of(entry) : Optional.empty();
    }

    @Override
    public void close() {}
  }
}
