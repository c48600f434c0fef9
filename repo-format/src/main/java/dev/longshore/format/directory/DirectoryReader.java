package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a directory from a stream, entry by entry, without holding it.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `stream` | string | `kopia:directory` |
/// | `entries` | array of [DirEntry], or `null` if empty | directories first, each group by name |
/// | `summary` | [DirSummary] | |
///
/// Compact JSON in this order and a line feed, stored as an object with prefix `k`. The reader
/// takes the fields in any order and the entries too (Kopia sorts, but nothing depends on it);
/// names are not judged here, see [DirEntry#isSafeName].
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/dir_reader.go`, `dir_manifest_builder.go`; all
/// versions. Not thread-safe. The stream stays the caller's to close.
public final class DirectoryReader implements AutoCloseable {
  private static final JsonFields DOCUMENT = JsonFields.of("stream", "entries", "summary");

  private final JsonInput json;
  private boolean started;
  private boolean inEntries;
  private boolean named;
  private boolean listed;
  private boolean ended;
  private @Nullable DirSummary summary;

  /// Reads a directory from a stream, which is read ahead.
  public DirectoryReader(InputStream in) {
    json = JsonInput.of("directory", in);
  }

  /// Reads a directory from bytes.
  public DirectoryReader(byte[] bytes) {
    json = JsonInput.of("directory", bytes);
  }

  /// The next entry, null after the last.
  ///
  /// @throws CorruptException if the directory breaks a rule; only at its end is it known to keep
  ///   all
  /// @throws IOException if the stream fails
  public @Nullable DirEntry next() throws IOException {
    try {
      if (!started) {
        started = true;
        if (!json.beginObject()) {
          throw json.corrupt("expected an object, found nothing");
        }
      }
      while (!ended) {
        if (inEntries) {
          if (json.nextElement()) {
            return DirEntry.readFrom(json);
          }
          inEntries = false;
        }
        field();
      }
      return null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// The directory's summary if it has one.
  ///
  /// @throws IllegalStateException before [#next] has returned null
  public Optional<DirSummary> summary() {
    if (!ended) {
      throw new IllegalStateException("the summary follows the entries");
    }
    return Optional.ofNullable(summary);
  }

  @Override
  public void close() {
    json.close();
  }

  private void field() throws CorruptException {
    String name = json.nextField(DOCUMENT);
    if (name == null) {
      json.finish();
      if (!named) {
        throw json.corrupt("no stream name");
      }
      ended = true;
      return;
    }
    switch (name) {
      case "stream" -> {
        if (!json.string().equals(DirectoryWriter.STREAM)) {
          throw json.corrupt("expected " + DirectoryWriter.STREAM);
        }
        named = true;
      }
      case "entries" -> {
        if (listed) {
          throw json.corrupt("found twice");
        }
        listed = true;
        inEntries = json.beginArray();
      }
      default -> summary = json.isNull() ? null : DirSummary.readFrom(json);
    }
  }
}
