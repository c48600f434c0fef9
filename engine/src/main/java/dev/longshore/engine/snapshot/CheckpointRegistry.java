package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// What is under way in one directory, and can be stored as far as it is. Thread-safe; who ends
/// waits for a checkpoint that has begun.
///
/// Source: kopia 4ebb2be6c `snapshot/upload/checkpoint_registry.go`.
final class CheckpointRegistry {
  /// Something under way.
  @FunctionalInterface
  interface Point {
    /// Stores what there is so far; empty if there is nothing yet.
    Optional<DirEntry> checkpoint() throws RepositoryException;
  }

  private final Map<String, Point> points = new TreeMap<>();

  synchronized void add(String name, Point point) {
    points.put(name, point);
  }

  synchronized void remove(String name) {
    points.remove(name);
  }

  /// Stores everything under way. Unfinished files get names that no later snapshot takes for the
  /// file.
  ///
  /// @param random for those names
  synchronized List<DirEntry> run(RandomGenerator random) throws RepositoryException {
    List<DirEntry> entries = new ArrayList<>();
    for (Point point : points.values()) {
      point.checkpoint().map(entry -> disguise(entry, random)).ifPresent(entries::add);
    }
    return entries;
  }

  private static DirEntry disguise(DirEntry entry, RandomGenerator random) {
    return entry.type() == EntryType.DIRECTORY
        ? entry
        : entry.withName(
            ".checkpointed." + entry.name() + "." + new UUID(random.nextLong(), random.nextLong()));
  }
}
