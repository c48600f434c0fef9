package dev.longshore.engine.simulation;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What writers were told: which snapshots are finished, with what in them, and which were given
/// up. A snapshot is known by its description.
final class Ledger {
  private static final int MAX_FILE_BYTES = 64 << 20;

  private enum Fate {
    /// Nobody was told that it is finished; it may be there.
    OPEN,
    /// It must be there.
    FINISHED,
    /// Its deletion has begun, or it took longer than snapshots may take: anything goes.
    GIVEN_UP
  }

  private static final class Attempt {
    final Map<String, byte[]> files;
    Fate fate = Fate.OPEN;

    Attempt(Map<String, byte[]> files) {
      this.files = files;
    }
  }

  /// A snapshot is not as it should be.
  static final class Loss extends Exception {
    private static final long serialVersionUID = 1L;

    Loss(String message) {
      super(message);
    }

    Loss(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Map<String, Attempt> attempts = new LinkedHashMap<>();
  private int finished;

  /// A snapshot of these files begins, by path.
  ///
  /// @return what to call it
  String begin(Map<String, byte[]> files) {
    String name = "snapshot " + attempts.size();
    attempts.put(name, new Attempt(Map.copyOf(files)));
    return name;
  }

  /// The writer was told that the snapshot is finished.
  void finished(String name) {
    Attempt attempt = get(name);
    if (attempt.fate == Fate.OPEN) {
      attempt.fate = Fate.FINISHED;
      finished++;
    }
  }

  /// From now on anything may be true of the snapshot.
  void giveUp(String name) {
    get(name).fate = Fate.GIVEN_UP;
  }

  private Attempt get(String name) {
    Attempt attempt = attempts.get(name);
    if (attempt == null) {
      throw new IllegalStateException("nobody made " + name);
    }
    return attempt;
  }

  /// How many were finished.
  int finished() {
    return finished;
  }

  /// Restores everything that must be there, and what is there though nobody was told.
  ///
  /// @param tolerant what cannot be read is no loss, wrong bytes are
  void check(Repository repository, boolean tolerant) throws Loss {
    try {
      compare(repository, tolerant);
    } catch (RepositoryException e) {
      if (!tolerant) {
        throw new Loss("the snapshots cannot be listed: " + e.getMessage(), e);
      }
    }
  }

  private void compare(Repository repository, boolean tolerant) throws RepositoryException, Loss {
    Set<String> listed = new HashSet<>();
    for (SnapshotManifest snapshot :
        new SnapshotCatalog(repository.manifests()).all().snapshots()) {
      Attempt attempt = get(snapshot.description());
      listed.add(snapshot.description());
      if (attempt.fate != Fate.GIVEN_UP && snapshot.isComplete()) {
        compare(repository, snapshot, attempt.files, tolerant);
      }
    }
    for (Map.Entry<String, Attempt> entry : attempts.entrySet()) {
      if (entry.getValue().fate == Fate.FINISHED && !listed.contains(entry.getKey()) && !tolerant) {
        throw new Loss(entry.getKey() + " is not listed");
      }
    }
  }

  private static void compare(
      Repository repository, SnapshotManifest snapshot, Map<String, byte[]> files, boolean tolerant)
      throws Loss {
    Map<String, byte[]> found = new HashMap<>();
    try {
      read(repository, SnapshotTree.root(snapshot), "", found);
    } catch (RepositoryException e) {
      if (!tolerant) {
        throw new Loss(snapshot.description() + " cannot be restored: " + e.getMessage(), e);
      }
      return;
    }
    if (!found.keySet().equals(files.keySet())) {
      throw new Loss(
          "%s has %s, not %s".formatted(snapshot.description(), found.keySet(), files.keySet()));
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      if (!Arrays.equals(file.getValue(), found.get(file.getKey()))) {
        throw new Loss(snapshot.description() + " has wrong bytes in " + file.getKey());
      }
    }
  }

  private static void read(
      Repository repository, DirEntry directory, String path, Map<String, byte[]> found)
      throws RepositoryException {
    try (DirectoryCursor cursor = SnapshotTree.of(repository).open(directory)) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (entry.type() == EntryType.DIRECTORY) {
          read(repository, entry, path + entry.name() + "/", found);
        } else {
          found.put(
              path + entry.name(), repository.objects().readAll(entry.objectId(), MAX_FILE_BYTES));
        }
      }
    }
  }
}
