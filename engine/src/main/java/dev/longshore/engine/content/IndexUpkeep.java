package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import java.util.Optional;

/// Keeps the index blobs of a repository few: by epochs, or by V0 compactions, whichever it has.
/// For maintenance, which only one client does at a time.
public final class IndexUpkeep {
  private final ContentStore contents;
  private final IndexSource source;
  private final IndexMerger merger;

  IndexUpkeep(ContentStore contents, IndexSource source, IndexMerger merger) {
    this.contents = contents;
    this.source = source;
    this.merger = merger;
  }

  /// The epochs; empty in a repository without.
  public Optional<EpochUpkeep> epochs() {
    return source instanceof EpochIndexSource
        ? Optional.of(new EpochUpkeep(contents, source, merger))
        : Optional.empty();
  }

  /// The V0 index; empty in a repository with epochs.
  public Optional<V0Upkeep> v0() throws RepositoryException {
    return source instanceof V0IndexSource
        ? Optional.of(new V0Upkeep(contents, source, merger))
        : Optional.empty();
  }
}
