package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectReader;
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
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What is known of a directory that is being read: entries that are done, entries that failed.
///
/// Of an entry that is just as it was in an earlier snapshot only its number there is held.
/// Thread-safe.
final class EntryCollector {
  /// The prefix of directories' contents.
  static final char PREFIX = 'k';

  /// A stored directory.
  record Stored(ObjectId id, DirSummary summary) {}

  private record Failure(String path, String error, boolean ignored) {}

  private final ObjectReader objects;
  private final @Nullable ObjectId earlier;
  private final BitSet kept;
  private final PackedEntries entries;
  private final List<Failure> failures;

  /// @param earlier the directory that [#keep] is about
  EntryCollector(ObjectReader objects, @Nullable ObjectId earlier) {
    this(objects, earlier, new BitSet(), new PackedEntries(), new ArrayList<>());
  }

  private EntryCollector(
      ObjectReader objects,
      @Nullable ObjectId earlier,
      BitSet kept,
      PackedEntries entries,
      List<Failure> failures) {
    this.objects = objects;
    this.earlier = earlier;
    this.kept = kept;
    this.entries = entries;
    this.failures = failures;
  }

  synchronized EntryCollector copy() {
    BitSet keptSoFar = (BitSet) kept.clone();
    return new EntryCollector(
        objects, earlier, keptSoFar, entries.copy(), new ArrayList<>(failures));
  }

  /// Takes over an entry of the earlier directory, by its number.
  ///
  /// @throws IllegalStateException if there is none
  synchronized void keep(int index) {
    if (earlier == null) {
      throw new IllegalStateException("no earlier directory");
    }
    kept.set(index);
  }

  /// Tells whether all there is, is the first `count` entries of the earlier directory.
  synchronized boolean keepsJust(int count) {
    return entries.count() == 0
        && failures.isEmpty()
        && kept.length() == count
        && kept.cardinality() == count;
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
    try (ObjectWriter writer = writers.open(options);
        KeptEntries same = new KeptEntries(objects, earlier, kept)) {
      SummaryBuilder summary = new SummaryBuilder();
      // In the order of their first use, so that equal directories are equal.
      SequencedSet<ObjectId> attributes = new LinkedHashSet<>();
      DirectoryWriter directory = new DirectoryWriter(new ObjectOutput(writer));
      int[] order = entries.sorted();
      int at = 0;
      DirEntry added = order.length == 0 ? null : entries.get(order[0]);
      DirEntry old = same.next();
      DirEntry last = null;
      while (added != null || old != null) {
        DirEntry entry;
        if (added == null || (old != null && DirEntry.ORDER.compare(old, added) < 0)) {
          entry = Objects.requireNonNull(old);
          old = same.next();
        } else {
          entry = added;
          at++;
          added = at < order.length ? entries.get(order[at]) : null;
        }
        // A directory that changes while it is read can show a name twice.
        if (!sameName(last, entry)) {
          summary.add(entry);
          directory.add(entry);
          entry.extra().attributesObject().ifPresent(attributes::add);
          last = entry;
        }
      }
      for (Failure failure : failures) {
        summary.addFailed(failure.path, failure.error, failure.ignored);
      }
      DirSummary sum = summary.build(mtimeNanos, incomplete);
      directory.finish(sum);
      return new Stored(joined(writers, options, writer.result(), attributes), sum);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The directory with the objects of its entries' attributes behind it: whoever collects garbage
  /// keeps all chunks of a directory's object, and knows of no other way from it to them.
  private static ObjectId joined(
      ObjectWriters writers,
      ObjectOptions options,
      ObjectId directory,
      SequencedSet<ObjectId> attributes)
      throws RepositoryException {
    List<ObjectId> parts = new ArrayList<>();
    parts.add(directory);
    parts.addAll(attributes);
    return writers.concatenate(parts, options);
  }

  private static boolean sameName(@Nullable DirEntry last, DirEntry entry) {
    return last != null && DirEntry.ORDER.compare(last, entry) == 0;
  }
}
