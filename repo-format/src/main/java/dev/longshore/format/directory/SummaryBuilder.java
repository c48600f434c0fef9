package dev.longshore.format.directory;

import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Sums a directory up while its entries are written, by Kopia's rules: equal trees must have equal
/// bytes.
///
/// - a file counts as a file with its size; a link as a link, without one
/// - a directory adds all of its own summary, errors included
/// - `dirs` counts the directory itself on top
/// - the newest time is over entries and what is below them, but not before 1970; a directory
///   without entries takes its own
/// - errors are sorted by path and all kept
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/dir_manifest_builder.go`. Not thread-safe.
public final class SummaryBuilder {
  private long size;
  private long files;
  private long symlinks;
  private long dirs;
  private long maxTimeNanos;
  private long failed;
  private long ignored;
  private boolean empty = true;
  private final List<EntryError> errors = new ArrayList<>();

  /// A summary of nothing.
  public SummaryBuilder() {}

  /// Counts an entry.
  public void add(DirEntry entry) {
    empty = false;
    maxTimeNanos = Math.max(maxTimeNanos, entry.mtimeNanos());
    switch (entry.type()) {
      case FILE -> {
        files++;
        size += entry.sizeBytes();
      }
      case SYMLINK -> symlinks++;
      case DIRECTORY -> entry.summary().ifPresent(this::addChild);
      case UNKNOWN -> {}
    }
  }

  private void addChild(DirSummary child) {
    size += child.size();
    files += child.files();
    symlinks += child.symlinks();
    dirs += child.dirs();
    failed += child.numFailed();
    ignored += child.numIgnoredErrors();
    errors.addAll(child.errors());
    maxTimeNanos = Math.max(maxTimeNanos, child.maxTimeNanos());
  }

  /// Notes an entry that could not be backed up.
  ///
  /// @param path relative to the snapshot's root
  /// @param isIgnored whether the policy says to go on as if nothing had happened
  public void addFailed(String path, String error, boolean isIgnored) {
    if (isIgnored) {
      ignored++;
    } else {
      failed++;
    }
    errors.add(new EntryError(path, error));
  }

  /// The summary of what was added so far.
  ///
  /// @param dirMtimeNanos the directory's own modification time
  /// @param incomplete why entries are missing, "" if none are
  public DirSummary build(long dirMtimeNanos, String incomplete) {
    List<EntryError> sorted = new ArrayList<>(errors);
    sorted.sort(Comparator.comparing(EntryError::path, RawText::compare));
    return new DirSummary(
        size,
        files,
        symlinks,
        dirs + 1,
        empty ? dirMtimeNanos : maxTimeNanos,
        incomplete,
        failed,
        ignored,
        sorted);
  }
}
