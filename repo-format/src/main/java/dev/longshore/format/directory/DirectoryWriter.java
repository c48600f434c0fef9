package dev.longshore.format.directory;

import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes a directory to a stream, entry by entry; see [DirectoryReader] for the bytes.
///
/// Memory does not grow with the number of entries. Not thread-safe. The stream stays the caller's
/// to close.
public final class DirectoryWriter {
  static final String STREAM = "kopia:directory";

  private static final int DRAIN_BYTES = 64 << 10;

  private final OutputStream out;
  private final GoJsonWriter json = new GoJsonWriter();
  private @Nullable DirEntry last;

  /// Starts a directory.
  public DirectoryWriter(OutputStream out) {
    this.out = out;
    json.beginObject().field("stream", STREAM).name("entries");
  }

  /// Appends the next entry.
  ///
  /// @throws IllegalArgumentException if it does not follow the last in [DirEntry#ORDER]
  public void add(DirEntry entry) throws IOException {
    if (last == null) {
      json.beginArray();
    } else if (DirEntry.ORDER.compare(last, entry) >= 0) {
      throw new IllegalArgumentException("directory entries out of order");
    }
    last = entry;
    entry.writeTo(json);
    if (json.size() >= DRAIN_BYTES) {
      json.drainTo(out);
    }
  }

  /// Ends the directory and hands its last bytes to the stream.
  ///
  /// @param summary what a [SummaryBuilder] made of the same entries
  public void finish(DirSummary summary) throws IOException {
    if (last == null) {
      json.nullValue();
    } else {
      json.endArray();
    }
    summary.writeTo(json.name("summary"));
    json.endObject().newline().drainTo(out);
  }
}
