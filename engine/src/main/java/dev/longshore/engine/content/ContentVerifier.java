package dev.longshore.engine.content;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Checks that every content in the index is in its pack, and reads some or all of them.
///
/// Contents are read pack by pack, each pack once. Entries to be read are held in memory, at most
/// [#MAX_HELD] at a time: a larger repository is gone through in several passes over the index,
/// each with its share of the packs.
public final class ContentVerifier {
  /// Entries held at a time.
  static final int MAX_HELD = 500_000;

  private final ContentStore contents;
  private final BlobStore store;
  private final Options options;
  private final RandomGenerator random;
  private final Listener listener;
  private final int maxHeld;
  private final BoundedBuffers buffers;

  private final Map<BlobId, Long> packLengths = new HashMap<>();
  private final LongAdder verified = new LongAdder();
  private final LongAdder inMissingPacks = new LongAdder();
  private final LongAdder inTruncatedPacks = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder read = new LongAdder();
  private final Set<BlobId> missingPacks = ConcurrentHashMap.newKeySet();
  private final Set<BlobId> truncatedPacks = ConcurrentHashMap.newKeySet();
  private final Set<BlobId> corruptedPacks = ConcurrentHashMap.newKeySet();

  /// What to check.
  ///
  /// @param chosen of the contents in the range, those to check
  /// @param readPercent share of the contents to read, 0 to 100, chosen at random
  /// @param parallel packs read at once
  /// @param window packs that are read; that contents are in their packs is checked of all
  public record Options(
      ContentRange range,
      Predicate<ContentId> chosen,
      double readPercent,
      int parallel,
      PackWindow window) {
    /// All contents in a range.
    public Options(ContentRange range, double readPercent, int parallel) {
      this(range, _ -> true, readPercent, parallel, PackWindow.ALL);
    }
  }

  /// What is wrong with a content.
  public enum Trouble {
    /// Its pack is not in the store.
    PACK_MISSING,
    /// Its pack ends before it does.
    PACK_TRUNCATED,
    /// Its bytes are not what was written.
    DAMAGED,
    /// It could not be read, for a reason that says nothing about its bytes.
    UNREADABLE
  }

  /// Follows the run; called by several threads.
  public interface Listener {
    /// A content that is not as it should be.
    void problem(IndexEntry entry, Trouble trouble, String what);

    /// A content that error correction brought back: it is sound, but less safe than it was.
    default void mended(IndexEntry entry) {}

    /// So many contents were checked, and so many of them have problems.
    void progress(long verifiedContents, long errors);
  }

  /// What was found; the names and meanings are Kopia's.
  ///
  /// @param verifiedContents contents looked at, with or without problems
  /// @param readContents contents that were to be read
  /// @param corruptedPacks packs with a content that was there but could not be read
  public record Report(
      long verifiedContents,
      long contentsInMissingPacks,
      long contentsInTruncatedPacks,
      long unreadableContents,
      long readContents,
      int missingPacks,
      int truncatedPacks,
      int corruptedPacks) {
    /// Contents with problems.
    public long totalErrorCount() {
      return contentsInMissingPacks + contentsInTruncatedPacks + unreadableContents;
    }
  }

  private ContentVerifier(
      ContentStore contents,
      BlobStore store,
      Options options,
      RandomGenerator random,
      Listener listener,
      int maxHeld) {
    this.contents = contents;
    this.store = store;
    this.options = options;
    this.random = random;
    this.listener = listener;
    this.maxHeld = maxHeld;
    this.buffers = contents.buffers(MemoryBudget.ofProcess().transferBytes(), ContentCheck.HASHED);
  }

  /// Runs a verification.
  ///
  /// @param random chooses what to read; need not be secure
  /// @throws RepositoryException if the index or the list of packs cannot be read
  public static Report verify(
      ContentStore contents, Options options, RandomGenerator random, Listener listener)
      throws RepositoryException {
    return verify(contents, options, random, listener, MAX_HELD);
  }

  static Report verify(
      ContentStore contents,
      Options options,
      RandomGenerator random,
      Listener listener,
      int maxHeld)
      throws RepositoryException {
    ContentVerifier verifier =
        new ContentVerifier(contents, contents.store(), options, random, listener, maxHeld);
    return verifier.run();
  }

  private Report run() throws RepositoryException {
    for (String prefix : List.of(PackLayout.DATA_PREFIX, PackLayout.METADATA_PREFIX)) {
      store.list(prefix, blob -> packLengths.put(blob.id(), blob.lengthBytes()));
    }
    // One index for all passes: a refresh in between would count contents twice, or never.
    IndexSet index = contents.index().fresh();
    long[] inPlace = new long[1];
    index.forEach(
        options.range(),
        entry -> {
          if (options.chosen().test(entry.contentId()) && checkPlace(entry) && isReadable(entry)) {
            inPlace[0]++;
          }
        });
    if (options.readPercent() > 0) {
      int passes = (int) Math.max(1, (inPlace[0] + maxHeld - 1) / maxHeld);
      for (int pass = 0; pass < passes; pass++) {
        readShare(index, pass, passes);
      }
    }
    return new Report(
        verified.sum(),
        inMissingPacks.sum(),
        inTruncatedPacks.sum(),
        unreadable.sum(),
        read.sum(),
        missingPacks.size(),
        truncatedPacks.size(),
        corruptedPacks.size());
  }

  private enum Place {
    IN_PACK,
    PACK_MISSING,
    PACK_TRUNCATED
  }

  private Place place(IndexEntry entry) throws RepositoryException {
    Long length = packLengths.get(entry.packBlobId());
    if (length == null && !missingPacks.contains(entry.packBlobId())) {
      length = writtenSince(entry.packBlobId());
    }
    if (length == null) {
      return Place.PACK_MISSING;
    }
    boolean inside = (long) entry.packOffset() + entry.packedLength() <= length;
    return inside ? Place.IN_PACK : Place.PACK_TRUNCATED;
  }

  /// The length of a pack that was not listed: one that another client wrote after the list was
  /// made, and before the index was read. Null if there is no such pack.
  private @Nullable Long writtenSince(BlobId pack) throws RepositoryException {
    Long length = store.metadata(pack).map(BlobMetadata::lengthBytes).orElse(null);
    if (length != null) {
      packLengths.put(pack, length);
    }
    return length;
  }

  /// Looks at names and sizes only; false for a content that cannot be there. One that might be
  /// read later is not done with this.
  private boolean checkPlace(IndexEntry entry) throws RepositoryException {
    BlobId pack = entry.packBlobId();
    switch (place(entry)) {
      case IN_PACK -> {
        if (!isReadable(entry)) {
          done();
        }
        return true;
      }
      case PACK_MISSING -> {
        inMissingPacks.increment();
        missingPacks.add(pack);
        listener.problem(entry, Trouble.PACK_MISSING, "its pack " + pack + " is missing");
      }
      case PACK_TRUNCATED -> {
        inTruncatedPacks.increment();
        truncatedPacks.add(pack);
        listener.problem(
            entry, Trouble.PACK_TRUNCATED, "it lies behind the end of its pack " + pack);
      }
    }
    done();
    return false;
  }

  private boolean isReadable(IndexEntry entry) {
    return options.readPercent() > 0 && options.window().includes(entry.packBlobId());
  }

  private void done() {
    verified.increment();
    listener.progress(
        verified.sum(), inMissingPacks.sum() + inTruncatedPacks.sum() + unreadable.sum());
  }

  /// Reads what falls to one pass: the packs whose name's hash says so.
  private void readShare(IndexSet index, int pass, int passes) throws RepositoryException {
    Map<BlobId, List<IndexEntry>> byPack = new HashMap<>();
    index.forEach(
        options.range(),
        entry -> {
          BlobId pack = entry.packBlobId();
          if (Math.floorMod(pack.hashCode(), passes) != pass
              || !isReadable(entry)
              || !options.chosen().test(entry.contentId())
              || place(entry) != Place.IN_PACK) {
            return;
          }
          if (options.readPercent() >= 100 || random.nextDouble() * 100 < options.readPercent()) {
            byPack.computeIfAbsent(pack, id -> new ArrayList<>()).add(entry);
          } else {
            done();
          }
        });
    try (Scope scope = new Scope("verify contents", options.parallel())) {
      for (List<IndexEntry> ofPack : byPack.values()) {
        for (PackRun run : PackRun.plan(ofPack, buffers.usualBytes())) {
          scope.fork(() -> read(run));
        }
      }
      scope.join();
    }
  }

  private void read(PackRun run) throws RepositoryException {
    try {
      contents.read(run, buffers, ContentCheck.HASHED, new Checker());
    } catch (InterruptedException e) {
      throw Faults.interrupted("verify contents", e);
    }
  }

  private final class Checker implements PackVisitor {
    @Override
    public void content(IndexEntry entry, ByteSpan plain) {
      read.increment();
      done();
    }

    @Override
    public void mended(IndexEntry entry) {
      listener.mended(entry);
    }

    @Override
    public void fault(IndexEntry entry, RepositoryException fault) {
      read.increment();
      unreadable.increment();
      corruptedPacks.add(entry.packBlobId());
      Trouble trouble = fault instanceof DamagedException ? Trouble.DAMAGED : Trouble.UNREADABLE;
      listener.problem(entry, trouble, String.valueOf(fault.getMessage()));
      done();
    }
  }
}
