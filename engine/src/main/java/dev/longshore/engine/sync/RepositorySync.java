package dev.longshore.engine.sync;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Copies a repository to another store, or brings a copy up to date.
///
/// Blobs go as they are, sealed: the copy opens with the same password. Only what is missing, of
/// another length or older is copied, so an interrupted copy goes on where it stopped. Packs come
/// before the index blobs that name them, index blobs in an order that keeps what the copy had
/// before (`BlobKinds`), and the format blob last; the source may be written to meanwhile. Nothing
/// is deleted unless [SyncOptions#delete] says so. The destination must not be maintained at the
/// same time: maintenance would take packs that wait for their index for litter.
///
/// Source: kopia 4ebb2be6c `cli/command_repository_sync.go`, for what is copied and when.
public final class RepositorySync {
  /// A blob that is in a copy from the time when the first index blob is added until all are there,
  /// and in a new copy from its beginning.
  public static final BlobId UNFINISHED = BlobKinds.MARKER;

  /// A source that loses blobs in each of so many rounds is being maintained in earnest.
  private static final int MAX_ROUNDS = 8;

  private final BlobStore source;
  private final BlobStore destination;
  private final SyncOptions options;
  private final SyncListener listener;
  private final BlobCopier copier;
  private final AtomicLong copiedBlobs = new AtomicLong();
  private final AtomicLong copiedBytes = new AtomicLong();
  private final AtomicLong replacedBlobs = new AtomicLong();
  private final AtomicLong vanishedBlobs = new AtomicLong();
  private long dueBytes;
  private long deletedBlobs;

  private RepositorySync(
      BlobStore source, BlobStore destination, SyncOptions options, SyncListener listener) {
    this.source = source;
    this.destination = destination;
    this.options = options;
    this.listener = listener;
    this.copier = new BlobCopier(source, destination, options, listener);
  }

  /// Copies.
  ///
  /// @param source with retries, as is the destination
  /// @throws dev.longshore.engine.error.ExistsException if the destination holds another repository
  ///   or other data
  /// @throws dev.longshore.engine.error.NotFoundException if either side must hold a repository and
  ///   does not
  /// @throws dev.longshore.engine.error.DamagedException if the destination does not give back what
  ///   it was given
  /// @throws BusyException if the source loses blobs faster than they are copied
  public static SyncResult run(
      BlobStore source, BlobStore destination, SyncOptions options, SyncListener listener)
      throws RepositoryException {
    SyncTarget target = SyncTarget.check(source, destination, options.mustExist());
    return new RepositorySync(source, destination, options, listener).copyTo(target);
  }

  private SyncResult copyTo(SyncTarget target) throws RepositoryException {
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      try (SyncLists lists = SyncLists.take(source, destination, options, listener)) {
        SyncPlan plan = compare(lists);
        dueBytes = copiedBytes.get() + plan.copyBytes();
        listener.planned(plan);
        if (options.dryRun()) {
          break;
        }
        target.claim();
        if (copyRound(lists, target)) {
          finish(lists, target);
          break;
        }
      }
      if (round == MAX_ROUNDS) {
        throw new BusyException(
            "blobs go from the source while they are copied, in each of "
                + MAX_ROUNDS
                + " rounds: what is copied stays, try again when its maintenance is over");
      }
    }
    return new SyncResult(copiedBlobs.get(), copiedBytes.get(), replacedBlobs.get(), deletedBlobs);
  }

  private SyncPlan compare(SyncLists lists) throws RepositoryException {
    var sum = new Sum();
    lists.data(sum::add);
    lists.index(sum::add);
    return sum.plan(lists);
  }

  /// Adds up what is to do.
  private final class Sum {
    private final long[] blobs = new long[3];
    private final long[] bytes = new long[3];

    void add(@Nullable BlobMetadata from, @Nullable BlobMetadata to) {
      int kind = from == null ? 2 : isDue(from, to) ? 0 : 1;
      BlobMetadata blob = from == null ? to : from;
      if (blob != null && (kind != 2 || options.delete())) {
        blobs[kind]++;
        bytes[kind] += blob.lengthBytes();
      }
    }

    SyncPlan plan(SyncLists lists) {
      return new SyncPlan(
          blobs[0] + blobs[1] + lists.sharedBlobs(),
          bytes[0] + bytes[1] + lists.sharedBytes(),
          blobs[0],
          bytes[0],
          blobs[2],
          bytes[2],
          blobs[1],
          bytes[1]);
    }
  }

  private boolean isDue(BlobMetadata from, @Nullable BlobMetadata to) {
    return to == null
        || to.lengthBytes() != from.lengthBytes()
        || (options.update() && from.timestamp().isAfter(to.timestamp()));
  }

  /// Copies packs, then index blobs; false if one had gone from the source, so that what was listed
  /// is out of date.
  private boolean copyRound(SyncLists lists, SyncTarget target) throws RepositoryException {
    vanishedBlobs.set(0);
    try (var scope = new Scope("copy blobs", options.parallel())) {
      lists.data((from, to) -> copy(scope, from, to));
      scope.join();
    }
    if (vanishedBlobs.get() > 0) {
      return false;
    }
    confirm(lists, false);
    // In a new copy nobody sees them before the format blob is there.
    int parallel = target.isNew() ? options.parallel() : 1;
    try (var scope = new Scope("copy index blobs", parallel);
        var due =
            new SortedBlobs(BlobKinds.INDEX_ORDER, options.scratch(), SortedBlobs.IN_MEMORY)) {
      lists.index((from, to) -> {
        if (from != null && (isDue(from, to) || isOther(from))) {
          due.add(from);
        }
      });
      if (due.count() > 0) {
        target.announce();
      }
      try (SortedBlobs.Cursor cursor = due.cursor()) {
        for (BlobMetadata blob = cursor.next(); blob != null; blob = cursor.next()) {
          BlobMetadata next = blob;
          scope.fork(() -> copyNow(next));
        }
      }
      scope.join();
    }
    if (vanishedBlobs.get() > 0) {
      return false;
    }
    confirm(lists, true);
    return true;
  }

  private void copy(Scope scope, @Nullable BlobMetadata from, @Nullable BlobMetadata to)
      throws RepositoryException {
    if (from == null) {
      return;
    }
    if (isDue(from, to)) {
      scope.fork(() -> copyNow(from));
    } else if (options.check() == SyncCheck.ALL) {
      scope.fork(() -> {
        if (isOther(from)) {
          copyNow(from);
        }
      });
    }
  }

  /// Tells whether a blob that should be in sync has other bytes in the destination.
  private boolean isOther(BlobMetadata blob) throws RepositoryException {
    if (options.check() != SyncCheck.ALL || copier.isSame(blob)) {
      return false;
    }
    replacedBlobs.incrementAndGet();
    listener.warning(blob.id() + " differs in the destination: copied anew");
    return true;
  }

  private void copyNow(BlobMetadata blob) throws RepositoryException {
    if (!copier.copy(blob)) {
      vanishedBlobs.incrementAndGet();
      return;
    }
    long blobs = copiedBlobs.incrementAndGet();
    listener.copied(blobs, copiedBytes.addAndGet(blob.lengthBytes()), dueBytes);
  }

  /// Lists the destination anew: all that was listed in the source is there, with all its bytes.
  private void confirm(SyncLists lists, boolean index) throws RepositoryException {
    if (copiedBlobs.get() == 0) {
      return;
    }
    lists.again(
        index,
        destination,
        (from, to) -> {
          if (from != null && (to == null || to.lengthBytes() != from.lengthBytes())) {
            throw new StoreException(
                "copy "
                    + from.id()
                    + ": expected "
                    + from.lengthBytes()
                    + " bytes in the destination, found "
                    + (to == null ? "no such blob" : to.lengthBytes()),
                Retry.NEVER);
          }
        });
  }

  private void finish(SyncLists lists, SyncTarget target) throws RepositoryException {
    var shared = new SharedBlobs(source, destination, options, copier);
    shared.copy();
    copiedBlobs.addAndGet(shared.copiedBlobs());
    copiedBytes.addAndGet(shared.copiedBytes());
    if (options.delete()) {
      // An index blob must not outlive the packs it names.
      lists.index(this::deleteExtra);
      lists.data(this::deleteExtra);
    }
    target.release();
  }

  private void deleteExtra(@Nullable BlobMetadata from, @Nullable BlobMetadata to)
      throws RepositoryException {
    if (from != null || to == null) {
      return;
    }
    BlobId id = to.id();
    // A list may be late; a look at the blob itself is not.
    if (source.metadata(id).isEmpty()) {
      destination.delete(id);
      deletedBlobs++;
    }
  }
}
