package dev.longshore.engine.maintenance;

import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.content.PackRun;
import dev.longshore.engine.content.PackVisitor;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.maintenance.TaskStats;
import dev.longshore.format.pack.PackLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Writes the contents of short packs anew into full ones, deleted contents too. The packs left
/// behind are for [PackGc].
///
/// Each pack is read once, its neighbouring contents with one request, and nothing of it that is
/// not needed. Entries are held in memory, a limited number at a time: more are gone through in
/// several passes over the index, each with its share of the packs.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/content_rewrite.go`.
final class ContentRewrite {
  private static final int SHORT_PERCENT = 60;
  private static final int LETTERS = 128;
  private static final int TELL_EVERY = 1 << 10;

  private final ContentStore contents;
  private final Options options;
  private final MaintenanceListener listener;
  private final RunHistory.Step step;
  private final Instant now;
  private final PackTable packs;
  private final long shortBytes;

  private final Counter toRewrite = new Counter();
  private final Counter rewritten = new Counter();
  private final Counter retained = new Counter();
  private final LongAdder failures = new LongAdder();
  private final AtomicReference<@Nullable RepositoryException> firstFault = new AtomicReference<>();

  /// By first letter, whether more than one pack is short: one alone would be short again.
  private final boolean[] worth = new boolean[LETTERS];

  private long total;

  /// What to rewrite.
  ///
  /// @param packPrefix of the packs looked at; empty for all
  /// @param range of the contents looked at
  /// @param minAge younger contents stay where they are
  /// @param parallel packs read at once
  /// @param maxHeld entries in memory at a time
  record Options(
      String packPrefix,
      ContentRange range,
      Duration minAge,
      int parallel,
      int maxHeld,
      boolean dryRun) {
    /// Of packs whose names begin so.
    static Options of(String packPrefix, Duration minAge, int parallel, boolean dryRun) {
      boolean metadata = packPrefix.startsWith(PackLayout.METADATA_PREFIX);
      return new Options(
          packPrefix,
          metadata ? new ContentRange('g', 'z', true) : ContentRange.ALL_WITH_DELETED,
          minAge,
          parallel,
          MemoryBudget.ofProcess().pendingEntries(),
          dryRun);
    }
  }

  private ContentRewrite(
      Repository repository,
      Options options,
      RandomGenerator random,
      MaintenanceListener listener,
      RunHistory.Step step) {
    this.contents = repository.contents();
    this.options = options;
    this.listener = listener;
    this.step = step;
    this.now = repository.clock().instant();
    this.packs = new PackTable(random);
    this.shortBytes = (long) repository.format().maxPackSize() * SHORT_PERCENT / 100;
  }

  /// Rewrites what is worth it.
  ///
  /// @param random need not be secure
  /// @param step called after each time that what was written became visible
  /// @throws DamagedException if live contents could not be read; the others are done
  static TaskStats.RewrittenContents run(
      Repository repository,
      Options options,
      RandomGenerator random,
      MaintenanceListener listener,
      RunHistory.Step step)
      throws RepositoryException {
    ContentRewrite rewrite = new ContentRewrite(repository, options, random, listener, step);
    rewrite.findShortPacks();
    rewrite.rewrite();
    return new TaskStats.RewrittenContents(
        rewrite.toRewrite.tally(), rewrite.rewritten.tally(), rewrite.retained.tally());
  }

  private void findShortPacks() throws RepositoryException {
    contents.forEach(
        options.range,
        entry -> {
          if (entry.packBlobId().startsWith(options.packPrefix)) {
            packs.add(entry.packBlobId(), entry.packedLength());
          }
        });
    // A pack is met once for each content; which letters have several is known after the first two.
    long[] firstShort = new long[LETTERS];
    long[] shortContents = new long[LETTERS];
    contents.forEach(
        options.range,
        entry -> {
          if (!entry.packBlobId().startsWith(options.packPrefix)) {
            return;
          }
          long key = packs.key(entry.packBlobId());
          if (packs.bytes(key) >= shortBytes) {
            return;
          }
          int letter = letter(entry);
          shortContents[letter]++;
          if (firstShort[letter] == 0) {
            firstShort[letter] = key;
          } else if (firstShort[letter] != key) {
            worth[letter] = true;
          }
        });
    for (int letter = 0; letter < LETTERS; letter++) {
      total += worth[letter] ? shortContents[letter] : 0;
    }
  }

  private static int letter(IndexEntry entry) {
    return entry.packBlobId().value().charAt(0) & LETTERS - 1;
  }

  private void rewrite() throws RepositoryException {
    if (total == 0) {
      return;
    }
    int passes = (int) Math.max(1, Math.ceilDiv(total, (long) options.maxHeld));
    BoundedBuffers buffers =
        contents.buffers(MemoryBudget.ofProcess().transferBytes() / 2, ContentCheck.AUTHENTIC);
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int pass = 0; pass < passes; pass++) {
        rewriteShare(session, buffers, pass, passes);
        RepositoryException fault = firstFault.get();
        if (fault != null) {
          throw new DamagedException(
              failures.sum() + " contents could not be rewritten, the first: " + fault.getMessage(),
              fault);
        }
        if (!options.dryRun) {
          session.flush();
          step.done();
        }
      }
    }
  }

  private void rewriteShare(ContentSession session, BoundedBuffers buffers, int pass, int passes)
      throws RepositoryException {
    Map<Long, List<IndexEntry>> byPack = new HashMap<>();
    contents.forEach(
        options.range,
        entry -> {
          if (!entry.packBlobId().startsWith(options.packPrefix) || !worth[letter(entry)]) {
            return;
          }
          long key = packs.key(entry.packBlobId());
          boolean ours = Long.remainderUnsigned(key >>> 1, passes) == pass;
          if (!ours || packs.bytes(key) >= shortBytes || packs.bytes(key) == 0) {
            return;
          }
          if (isYoung(entry)) {
            retained.add(entry.packedLength());
          } else {
            toRewrite.add(entry.packedLength());
            byPack.computeIfAbsent(key, _ -> new ArrayList<>()).add(entry);
          }
        });
    if (options.dryRun) {
      return;
    }
    try (Scope scope = new Scope("rewrite contents", options.parallel)) {
      for (List<IndexEntry> ofPack : byPack.values()) {
        for (PackRun run : PackRun.plan(ofPack, buffers.usualBytes())) {
          scope.fork(() -> rewrite(run, session, buffers));
        }
      }
      scope.join();
    }
  }

  /// Without a least age nothing is young, not even what was rewritten a moment ago, whose time
  /// lies a second ahead.
  private boolean isYoung(IndexEntry entry) {
    if (options.minAge.isZero()) {
      return false;
    }
    Instant written = Instant.ofEpochSecond(entry.timestampSeconds());
    return Duration.between(written, now).compareTo(options.minAge) < 0;
  }

  private void rewrite(PackRun run, ContentSession session, BoundedBuffers buffers)
      throws RepositoryException {
    try {
      session.rewrite(run, buffers, new Progress());
    } catch (InterruptedException e) {
      throw Faults.interrupted("rewrite contents", e);
    }
  }

  private final class Progress implements PackVisitor {
    @Override
    public void content(IndexEntry entry, ByteSpan raw) {
      rewritten.add(entry.packedLength());
      if (rewritten.count() % TELL_EVERY == 0) {
        listener.progress("contents rewritten", rewritten.count(), total);
      }
    }

    /// A deleted content that cannot be read is no loss: it stays where it is until it is dropped.
    @Override
    public void fault(IndexEntry entry, RepositoryException fault) throws RepositoryException {
      if (!(fault instanceof DamagedException) && !(fault instanceof NotFoundException)) {
        throw fault;
      }
      if (entry.deleted()) {
        retained.add(entry.packedLength());
        listener.warning("deleted content left where it is: " + fault.getMessage());
      } else {
        failures.increment();
        firstFault.compareAndSet(null, fault);
      }
    }
  }
}
