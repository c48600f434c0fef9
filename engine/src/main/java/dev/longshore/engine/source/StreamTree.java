package dev.longshore.engine.source;

import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.format.json.GoTime;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A made-up directory with one stream in it.
///
/// Its time is Go's zero time, which wraps around to 1754 when it is stored; Kopia's are so too,
/// and equal directories deduplicate.
final class StreamTree implements SourceTree {
  private final Root root;
  private final InputStream stream;

  StreamTree(String directoryName, String fileName, InputStream stream, Instant now) {
    this.stream = stream;
    Content content = new Content(fileName, status(FileKind.REGULAR, now), stream);
    this.root = new Root(directoryName, status(FileKind.DIRECTORY, GoTime.ZERO), content);
  }

  private static FileStatus status(FileKind kind, Instant mtime) {
    return new FileStatus(
        kind.bits() | 0777, 0, 0, 0, mtime.getEpochSecond(), mtime.getNano(), 0, 0, 0, 1, 0);
  }

  @Override
  public SourceEntry root() {
    return root;
  }

  /// Closes the stream.
  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // It was only read.
    }
  }

  private record Content(String name, FileStatus status, InputStream stream)
      implements SourceStream {
    @Override
    public InputStream open() {
      return stream;
    }
  }

  private record Root(String name, FileStatus status, Content content) implements SourceDirectory {
    @Override
    public SourceListing open() {
      return new One(content);
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
