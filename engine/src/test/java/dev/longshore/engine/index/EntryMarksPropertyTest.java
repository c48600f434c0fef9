package dev.longshore.engine.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.index.EntryMarks.Outcome;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.index.MergedIndex;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is marked is marked, wherever the entry in force is, and nothing else.
final class EntryMarksPropertyTest {
  @TempDir private Path folder;
  private int caches;

  @Test
  void whatWasMarkedIsMetAsMarked() {
    assumeTrue(Posix.isAvailable());
    Seeds.check(
        40,
        random -> {
          RandomBlobs blobs = new RandomBlobs(random, 16, 1 + random.nextInt(800));
          IndexCache cache =
              IndexCache.in(
                  folder.resolve("cache" + caches++),
                  RandomBlobs.crypto(16),
                  new SecureRandom(),
                  20_000);
          for (int i = random.nextInt(5); i >= 0; i--) {
            blobs.add(400);
          }
          List<BlobMetadata> merged = blobs.listed();
          List<Segment> segments =
              random.nextBoolean()
                  ? cache.cover(merged, List.of(), Map.of(), blobs)
                  : List.of(cache.merge(merged, blobs));
          List<IndexReader> readers = new ArrayList<>();
          for (int i = random.nextInt(3); i > 0; i--) {
            readers.add(blobs.read(blobs.add(200)));
          }
          EntryMarks marks = new EntryMarks(segments, readers);
          MergedIndex expected = blobs.expected();
          Set<ContentId> marked = new HashSet<>();
          for (int i = random.nextInt(600); i > 0; i--) {
            ContentId id = blobs.pool().get(random.nextInt(blobs.pool().size()));
            Optional<IndexEntry> there = expected.find(id);
            Outcome outcome = marks.mark(id);
            if (there.isEmpty()) {
              assertEquals(Outcome.ABSENT, outcome);
            } else if (!marked.add(id)) {
              assertEquals(Outcome.KNOWN, outcome);
            } else if (there.get().deleted()) {
              assertEquals(Outcome.WITH_TOMBSTONE, outcome);
            }
          }
          List<ContentId> met = new ArrayList<>();
          marks.forEach(
              (char) 0,
              'z',
              (entry, isMarked) -> {
                assertEquals(marked.contains(entry.contentId()), isMarked);
                met.add(entry.contentId());
              });
          List<ContentId> all = new ArrayList<>();
          expected.forEach(entry -> all.add(entry.contentId()));
          assertEquals(all, met);
        });
  }
}
