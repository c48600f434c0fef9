package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.io.ByteArrayInputStream;
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
/// Compact JSON in this order and a line feed, stored as an object with prefix `k`. What follows in
/// the stream is not read, as Kopia does not: there are the objects of entries' attributes, see
/// [ExtraMetadata]. The reader takes the fields in any order and the entries too (Kopia sorts, but
/// nothing depends on it); names are not judged here, see [DirEntry#isSafeName].
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/dir_reader.go`, `dir_manifest_builder.go`; all
/// versions. Not thread-safe. The stream stays the caller's to close.
public final class DirectoryReader implements AutoCloseable {
  private static final JsonFields DOCUMENT = JsonFields.of("stream", "entries", "summary");

  // Until something unusual comes.
  private @Nullable UsualEntries usual;
  private @Nullable JsonInput json;
  private boolean started;
  private boolean inEntries;
  private boolean entryDue;
  private boolean named;
  private boolean listed;
  private boolean ended;
  private @Nullable DirSummary summary;

  /// Reads a directory from a stream, which is read ahead.
  public DirectoryReader(InputStream in) {
    usual = new UsualEntries(in);
  }

  /// Reads a directory from bytes.
  public DirectoryReader(byte[] bytes) {
    this(new ByteArrayInputStream(bytes));
  }

  private DirectoryReader(JsonInput json) {
    this.json = json;
  }

  /// A reader that takes nothing for usual.
  static DirectoryReader general(InputStream in) {
    return new DirectoryReader(JsonInput.of("directory", in));
  }

  /// The next entry, null after the last.
  ///
  /// @throws CorruptException if the directory breaks a rule; only at its end is it known to keep
  ///   all
  /// @throws IOException if the stream fails
  public @Nullable DirEntry next() throws IOException {
    UsualEntries entries = usual;
    if (entries != null) {
      DirEntry entry = entries.next();
      if (entry != null) {
        return entry;
      }
      usual = null;
      ended = entries.isFinished();
      summary = entries.summary();
      entryDue = entries.isEntryDue();
      if (!ended) {
        json = JsonInput.of("directory", entries.rest());
      }
    }
    JsonInput in = json;
    try {
      return ended || in == null ? null : next(in);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private @Nullable DirEntry next(JsonInput in) throws CorruptException {
    if (!started) {
      started = true;
      if (!in.beginObject()) {
        throw in.corrupt("expected an object, found nothing");
      }
    }
    while (!ended) {
      if (inEntries) {
        if (in.nextElement()) {
          entryDue = false;
          return DirEntry.readFrom(in);
        }
        inEntries = false;
        if (entryDue) {
          throw in.corrupt("expected an entry after a comma");
        }
      }
      field(in);
    }
    return null;
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
    usual = null;
    if (json != null) {
      json.close();
    }
  }

  private void field(JsonInput in) throws CorruptException {
    String name = in.nextField(DOCUMENT);
    if (name == null) {
      if (!named) {
        throw in.corrupt("no stream name");
      }
      ended = true;
      return;
    }
    switch (name) {
      case "stream" -> {
        if (!in.string().equals(DirectoryWriter.STREAM)) {
          throw in.corrupt("expected " + DirectoryWriter.STREAM);
        }
        named = true;
      }
      case "entries" -> {
        if (listed) {
          throw in.corrupt("found twice");
        }
        listed = true;
        inEntries = in.beginArray();
      }
      default -> summary = in.isNull() ? null : DirSummary.readFrom(in);
    }
  }
}
