package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.object.ObjectWriters;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.DirectoryWriter;
import dev.longshore.format.directory.SummaryBuilder;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known of a directory that is being read: entries that are done, entries that failed.
/// Thread-safe.
final class EntryCollector {
  /// The prefix of directories' contents.
  static final char PREFIX = 'k';

  /// A stored directory.
  record Stored(ObjectId id, DirSummary summary) {}

  private record Failure(String path, String error, boolean ignored) {}

  private final PackedEntries entries;
  private final List<Failure> failures;

  EntryCollector() {
    this(new PackedEntries(), new ArrayList<>());
  }

  private EntryCollector(PackedEntries entries, List<Failure> failures) {
    this.entries = entries;
    this.failures = failures;
  }

  synchronized EntryCollector copy() {
    return new EntryCollector(entries.copy(), new ArrayList<>(failures));
  }

  synchronized void add(DirEntry entry) {
    entries.add(entry);
  }

  synchronized void addFailed(String path, String error, boolean ignored) {
    failures.add(new Failure(path, error, ignored));
  }

  /// Stores the directory.
  ///
  /// @param mtimeNanos the directory's own
  /// @param incomplete why entries are missing, "" if none are
  synchronized Stored store(
      ObjectWriters writers, Optional<Compression> compression, long mtimeNanos, String incomplete)
      throws RepositoryException {
    ObjectOptions options = new ObjectOptions(PREFIX, compression, compression, Optional.empty());
    try (ObjectWriter writer = writers.open(options)) {
      SummaryBuilder summary = new SummaryBuilder();
      DirectoryWriter directory = new DirectoryWriter(new ObjectOutput(writer));
      DirEntry last = null;
      for (int index : entries.sorted()) {
        DirEntry entry = entries.get(index);
        // A directory that changes while it is read can show a name twice.
        if (!sameName(last, entry)) {
          summary.add(entry);
          directory.add(entry);
          last = entry;
        }
      }
      for (Failure failure : failures) {
        summary.addFailed(failure.path, failure.error, failure.ignored);
      }
      DirSummary sum = summary.build(mtimeNanos, incomplete);
      directory.finish(sum);
      return new Stored(writer.result(), sum);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean sameName(@Nullable DirEntry last, DirEntry entry) {
    return last != null && DirEntry.ORDER.compare(last, entry) == 0;
  }
}
