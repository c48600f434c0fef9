package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.index.IndexCache;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.RepositoryFormat;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The contents of one repository: what index and packs say together.
///
/// Reads see what was published when the index was loaded last: at opening, on [#refresh()], after
/// a flush of an own session, and at least every 15 minutes of use. Safe for use by many threads.
/// The store is the caller's to close, after this.
public final class ContentStore implements ContentReader, AutoCloseable {
  /// What the outside world gives: time, chance and sleep.
  public record Environment(Clock clock, SecureRandom random, Sleeper sleeper) {}

  private static final int MAX_DIFFERENCES = 10;

  private final BlobStore store;
  private final ContentFormat format;
  private final ContentOptions options;
  private final Environment environment;
  private final IndexBlobs blobs;
  private final IndexSource source;
  private final CommittedIndex index;
  private final StoredContents stored;

  private ContentStore(
      BlobStore store, ContentFormat format, ContentOptions options, Environment environment)
      throws RepositoryException {
    this.store = store;
    this.format = format;
    this.options = options;
    this.environment = environment;
    this.blobs = new IndexBlobs(store, format, options.caches(), environment.clock());
    EpochParameters epochs = format.format().epochParameters();
    this.source =
        epochs.enabled()
            ? new EpochIndexSource(blobs, epochs, environment.clock())
            : new V0IndexSource(blobs);
    this.index = new CommittedIndex(source, loader(), environment);
    this.stored =
        new StoredContents(store, format.crypto(), options.caches(), options.metadataCacheBytes());
  }

  private IndexLoader loader() {
    return new IndexLoader(blobs, indexCache(), indexLimits(), options.permissiveLoading());
  }

  private Optional<IndexCache> indexCache() {
    return options
        .caches()
        .indexFolder()
        .map(folder ->
            IndexCache.in(folder, format.crypto(), environment.random(), options.indexBytes()));
  }

  private IndexLoader.Limits indexLimits() {
    long memory = options.indexBytes();
    return new IndexLoader.Limits(
        memory, Math.max(memory, MemoryBudget.ofProcess().heapBytes() / 3));
  }

  /// Opens the contents and loads the index.
  ///
  /// @param store with retries; not closed by this
  public static ContentStore open(
      BlobStore store, ContentFormat format, ContentOptions options, Environment environment)
      throws RepositoryException {
    return new ContentStore(store, format, options, environment);
  }

  /// What finds the index of packs that lost theirs.
  public IndexRecovery recovery() {
    return new IndexRecovery(store, format);
  }

  /// What keeps the index blobs few.
  ///
  /// @throws dev.longshore.engine.error.UnsupportedException if this client passes over index blobs
  ///   that it cannot read: what it would write would leave them out
  public IndexUpkeep upkeep() throws RepositoryException {
    if (options.permissiveLoading()) {
      throw new UnsupportedException("the index is not merged while parts of it are passed over");
    }
    return new IndexUpkeep(this, source, merger());
  }

  private IndexMerger merger() {
    return new IndexMerger(
        blobs,
        format.format().indexVersion(),
        indexCache(),
        indexLimits(),
        IndexMerger.entriesPerShard());
  }

  /// An empty set of the contents of the index in force.
  public ContentMarks marks() throws RepositoryException {
    return new ContentMarks(index.fresh());
  }

  /// Opens a write session, which its owner closes.
  public ContentSession openSession(ContentWriteOptions writeOptions) {
    return new WriteSession(this, format, writeOptions);
  }

  /// What fetches into the client's cache.
  public Prefetch prefetch() {
    return new Prefetch(store, stored, options.caches(), this);
  }

  /// Tells whether packs are in memory until they are put.
  public boolean draftsInMemory() {
    return store.draftsInMemory();
  }

  @Override
  public Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    return index.find(id);
  }

  /// Tells whether [#find] finds an entry that is no tombstone; in a large index in half the time.
  public boolean isLive(ContentId id) throws RepositoryException {
    return index.isLive(id);
  }

  @Override
  public byte[] read(ContentId id) throws RepositoryException {
    IndexEntry entry =
        find(id).orElseThrow(() -> new NotFoundException("content " + id + " is not in the index"));
    return stored.plain(entry, stored.fetch(entry));
  }

  /// The id that plain bytes have or would have here; whether they are stored is not looked at.
  ///
  /// @param prefix [ContentId#NO_PREFIX] or `g`..`z`
  public ContentId idOf(char prefix, byte[] plain, int offset, int length) {
    return stored.crypto().contentId(prefix, plain, offset, length);
  }

  /// Reads a content's bytes as they are in the pack: sealed.
  public byte[] readStored(IndexEntry entry) throws RepositoryException {
    return stored.fetch(entry).toArray();
  }

  /// Reads a content's bytes as they were sealed: opened, but compressed if the entry says so.
  public byte[] readRaw(IndexEntry entry) throws RepositoryException {
    return stored.open(entry, stored.fetch(entry));
  }

  @Override
  public void read(PackRun run, BoundedBuffers buffers, ContentCheck check, PackVisitor visitor)
      throws RepositoryException, InterruptedException {
    stored.read(run, buffers, check, visitor);
  }

  /// Runs are longer where hashes are checked faster side by side.
  @Override
  public BoundedBuffers buffers(long budgetBytes, ContentCheck check) {
    return stored.buffers(budgetBytes, check);
  }

  @Override
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    index.fresh().forEach(range, visitor);
  }

  @Override
  public void refresh() throws RepositoryException {
    index.refresh();
  }

  /// The index blobs in force when the index was loaded last.
  public List<BlobMetadata> activeIndexBlobs() {
    return index.loaded().blobs();
  }

  /// Every index blob the store lists, in force or superseded.
  public List<BlobMetadata> allIndexBlobs() throws RepositoryException {
    return source.all();
  }

  /// Reads one index blob.
  public IndexReader readIndexBlob(BlobId id) throws RepositoryException {
    return blobs.read(id);
  }

  /// Reads and opens a blob that is sealed under its own name: index blobs, V0 logs, session
  /// markers.
  public byte[] readSealedBlob(BlobId id) throws RepositoryException {
    return blobs.open(id);
  }

  /// The state of the epochs, freshly listed; empty in a repository without epochs.
  public Optional<EpochState> epochs() throws RepositoryException {
    return source.epochs();
  }

  /// Lets go of the index. Sessions must be closed before.
  @Override
  public void close() {
    index.clear();
  }

  /// Compares the index in force with another one, entry by entry.
  List<String> compareWith(IndexSource other) throws RepositoryException {
    IndexSet mine = index.fresh();
    IndexSet none = new IndexSet(List.of(), Map.of(), List.of(), entry -> false);
    IndexSet others =
        loader().load(other.load(new OwnBlobs(), IndexSource.Lists.FRESH), none, Map.of());
    List<String> found = new ArrayList<>();
    long[] counts = new long[2];
    others.forEach(
        ContentRange.ALL_WITH_DELETED,
        entry -> {
          counts[0]++;
          Optional<IndexEntry> here = mine.find(entry.contentId());
          if (found.size() < MAX_DIFFERENCES && !here.equals(Optional.of(entry))) {
            found.add("expected " + entry + ", found " + here.map(Object::toString).orElse("none"));
          }
        });
    mine.forEach(ContentRange.ALL_WITH_DELETED, entry -> counts[1]++);
    if (counts[0] != counts[1]) {
      found.add("expected " + counts[0] + " contents, found " + counts[1]);
    }
    return found;
  }

  CommittedIndex index() {
    return index;
  }

  StoredContents stored() {
    return stored;
  }

  BlobStore store() {
    return store;
  }

  RepositoryFormat format() {
    return format.format();
  }

  IndexBlobs blobs() {
    return blobs;
  }

  ClientIdentity client() {
    return options.client();
  }

  Environment environment() {
    return environment;
  }
}
