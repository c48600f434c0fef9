package dev.longshore.mover.backup;

import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.content.PackRun;
import dev.longshore.engine.content.PackVisitor;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Reads a sample of what a backup has written, from the store itself, and checks each content's
/// hash.
///
/// Which contents are the backup's is told by their times: those of others that wrote meanwhile may
/// be among them. The sample is uniform, and bounded, whatever was written.
final class ReadBack {
  /// Contents that are read at most; some 120 bytes of memory each.
  private static final int MAX_SAMPLE = 50_000;

  private final Repository repository;
  private final CancelToken cancel;
  private final DamageNotes notes = new DamageNotes();
  private long contents;
  private long bytes;
  private String firstFault = "";

  /// What was read.
  ///
  /// @param contents that were read
  /// @param bytes plain bytes of them
  /// @param firstFault what is wrong with the first that is damaged; empty if none is
  /// @param whole false if it was broken off
  record Result(long contents, long bytes, String firstFault, boolean whole) {}

  /// @param repository opened past the cache
  /// @param cancel breaks it off
  ReadBack(Repository repository, CancelToken cancel) {
    this.repository = repository;
    this.cancel = cancel;
  }

  /// Reads a share of the contents written since a time.
  ///
  /// @param percent of them
  Result run(long sinceSeconds, double percent, RandomGenerator random)
      throws RepositoryException, InterruptedException {
    List<IndexEntry> sample = sample(sinceSeconds, percent, random);
    BoundedBuffers buffers =
        repository
            .contents()
            .buffers(MemoryBudget.ofProcess().transferBytes(), ContentCheck.HASHED);
    for (PackRun run : PackRun.plan(sample, buffers.usualBytes())) {
      if (cancel.isCancelled()) {
        return new Result(contents, bytes, firstFault, false);
      }
      repository.contents().read(run, buffers, ContentCheck.HASHED, new Visitor());
    }
    return new Result(contents, bytes, firstFault, true);
  }

  /// What the damaged contents were; for the next backup to heal.
  DamageNotes notes() {
    return notes;
  }

  /// Any content is as likely to be in it as any other (reservoir sampling, where there are more
  /// than fit).
  private List<IndexEntry> sample(long sinceSeconds, double percent, RandomGenerator random)
      throws RepositoryException {
    List<IndexEntry> sample = new ArrayList<>();
    long[] seen = new long[1];
    repository
        .contents()
        .forEach(
            ContentRange.ALL,
            entry -> {
              if (entry.timestampSeconds() < sinceSeconds || random.nextDouble() * 100 >= percent) {
                return;
              }
              long index = seen[0]++;
              if (sample.size() < MAX_SAMPLE) {
                sample.add(entry);
              } else {
                long place = random.nextLong(index + 1);
                if (place < MAX_SAMPLE) {
                  sample.set((int) place, entry);
                }
              }
            });
    return sample;
  }

  private final class Visitor implements PackVisitor {
    @Override
    public void content(IndexEntry entry, ByteSpan plain) {
      contents++;
      bytes += plain.length();
    }

    @Override
    public void fault(IndexEntry entry, RepositoryException fault) throws RepositoryException {
      boolean damaged = fault instanceof DamagedException || fault instanceof NotFoundException;
      if (!damaged) {
        throw fault; // The store does not answer: that says nothing about what is in it.
      }
      contents++;
      notes.note(
          entry,
          fault instanceof DamagedException
              ? ContentVerifier.Trouble.DAMAGED
              : ContentVerifier.Trouble.PACK_MISSING);
      if (firstFault.isEmpty()) {
        firstFault = "content " + entry.contentId() + ": " + fault.getMessage();
      }
    }
  }
}
