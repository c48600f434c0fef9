package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// The contents of one repository: what index and packs say together.
///
/// Reads see what was published when the index was loaded last: at opening, on [#refresh()], after a
/// flush of an own session, and at least every 15 minutes of use. Safe for use by many threads. The
/// store is the caller's to close, after this.
public final class ContentStore implements ContentReader, AutoCloseable {
  /// What the outside world gives: time, chance and sleep.
  public record Environment(Clock clock, SecureRandom random, Sleeper sleeper) {}

  private ContentStore() {}

  /// Opens the contents and loads the index.
  ///
  /// @param store with retries; not closed by this
  public static ContentStore open(
      BlobStore store, ContentFormat format, ContentOptions options, Environment environment)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Opens a write session, which its owner closes.
  public ContentSession openSession(ContentWriteOptions options) {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public byte[] read(ContentId id) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads a content's bytes as they are in the pack: sealed.
  public byte[] readStored(IndexEntry entry) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads a content's bytes as they were sealed: opened, but compressed if the entry says so.
  public byte[] readRaw(IndexEntry entry) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads many contents of one pack, in the order of their offsets, with one request for each run of
  /// neighbours.
  ///
  /// @param entries all of the pack `pack`
  @Override
  public void readFromPack(BlobId pack, List<IndexEntry> entries, PackVisitor visitor)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public void refresh() throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The index blobs in force when the index was loaded last.
  public List<BlobMetadata> activeIndexBlobs() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Every index blob the store lists, in force or superseded.
  public List<BlobMetadata> allIndexBlobs() throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads one index blob.
  public IndexReader readIndexBlob(BlobId id) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The state of the epochs, freshly listed; empty in a repository without epochs.
  public Optional<EpochState> epochs() throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
