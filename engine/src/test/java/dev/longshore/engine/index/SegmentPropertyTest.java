package dev.longshore.engine.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.index.MergedIndex;
import dev.longshore.format.seal.RepositoryCrypto;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Segments say what the index blobs say that they were made of: random blobs of both versions with
/// duplicates, tombstones, all prefixes and both lengths of hashes.
final class SegmentPropertyTest {
  @TempDir private Path folder;
  private int caches;

  @BeforeEach
  void needsTheSystemsCalls() {
    assumeTrue(Posix.isAvailable());
  }

  private IndexCache cache(RepositoryCrypto crypto, long heapBytes) {
    Path own = folder.resolve("cache" + caches++);
    return IndexCache.in(own, crypto, new SecureRandom(), heapBytes);
  }

  private static Set<BlobId> ids(RandomBlobs blobs) {
    return Set.copyOf(blobs.plain.keySet());
  }

  /// One way of making segments of all blobs: at once or in steps, of readers or of files.
  private List<Segment> segments(RandomBlobs blobs, RandomGenerator random, int hashLength)
      throws Exception {
    long[] heaps = {0, 3000, 20_000, 1 << 20};
    IndexCache cache = cache(RandomBlobs.crypto(hashLength), heaps[random.nextInt(4)]);
    List<Segment> segments = List.of();
    Map<BlobId, IndexReader> known = new HashMap<>();
    int steps = 1 + random.nextInt(4);
    for (int step = 0; step < steps; step++) {
      for (int i = random.nextInt(6); i >= 0; i--) {
        BlobId id = blobs.add(random.nextInt(600));
        if (random.nextInt(4) == 0) {
          known.put(id, blobs.read(id));
        }
      }
      segments = cache.cover(blobs.listed(), segments, known, blobs);
    }
    return random.nextBoolean() ? segments : cache.find(ids(blobs), List.of());
  }

  private static Optional<IndexEntry> find(List<Segment> segments, ContentId id) throws Exception {
    Optional<IndexEntry> best = Optional.empty();
    for (Segment segment : segments) {
      Optional<IndexEntry> found = segment.find(id);
      Segment.State state =
          found.isEmpty()
              ? Segment.State.ABSENT
              : found.get().deleted() ? Segment.State.DELETED : Segment.State.LIVE;
      assertEquals(state, segment.state(id));
      if (found.isPresent() && (best.isEmpty() || found.get().supersedes(best.get()))) {
        best = found;
      }
    }
    return best;
  }

  @Test
  void segmentsAnswerAsTheMergedBlobs() {
    Seeds.check(
        60,
        random -> {
          int hashLength = random.nextBoolean() ? 16 : 32;
          RandomBlobs blobs = new RandomBlobs(random, hashLength, 1 + random.nextInt(1500));
          List<Segment> segments = segments(blobs, random, hashLength);
          assertEquals(
              blobs.plain.keySet().size(), segments.stream().mapToInt(s -> s.blobs().size()).sum());
          MergedIndex expected = blobs.expected();
          for (ContentId id : blobs.pool()) {
            assertSame(expected.find(id), find(segments, id));
          }
          for (int i = 0; i < 200; i++) {
            ContentId absent = blobs.randomId(random.nextBoolean());
            assertSame(expected.find(absent), find(segments, absent));
          }
          assertTrue(find(segments, otherLength(random, hashLength)).isEmpty());
        });
  }

  private static ContentId otherLength(RandomGenerator random, int hashLength) {
    return ContentId.of(ContentId.NO_PREFIX, Seeds.bytes(random, 48 - hashLength));
  }

  /// Entries that lose in nothing are of equal right, and may differ in what does not decide.
  private static void assertSame(Optional<IndexEntry> expected, Optional<IndexEntry> found) {
    assertEquals(
        expected.map(SegmentPropertyTest::decisive), found.map(SegmentPropertyTest::decisive));
    assertEquals(
        expected.map(IndexEntry::contentId).orElse(null),
        found.map(IndexEntry::contentId).orElse(null));
  }

  private static List<Object> decisive(IndexEntry entry) {
    return List.of(
        entry.contentId(), entry.timestampSeconds(), entry.deleted(), entry.packBlobId());
  }

  @Test
  void segmentsAndReadersAreWalkedInTheOrderOfIdsByPrefix() {
    Seeds.check(
        40,
        random -> {
          RandomBlobs blobs = new RandomBlobs(random, 16, 1 + random.nextInt(1500));
          List<Segment> segments = segments(blobs, random, 16);
          List<IndexReader> readers = new ArrayList<>();
          for (int i = random.nextInt(3); i > 0; i--) {
            readers.add(blobs.read(blobs.add(300)));
          }
          char first = random.nextBoolean() ? 0 : (char) ('g' + random.nextInt(20));
          char last = (char) Math.max(first, 'g' + random.nextInt(20));
          List<Object> expected = new ArrayList<>();
          blobs.expected().withPrefixes(first, last).forEach(e -> expected.add(decisive(e)));
          List<Object> found = new ArrayList<>();
          new MergedEntries(segments, readers)
              .forEach(first, last, entry -> found.add(decisive(entry)));
          assertEquals(expected, found);
        });
  }

  @Test
  void everyFieldComesBack() {
    Seeds.check(
        20,
        random -> {
          RandomBlobs blobs = new RandomBlobs(random, 32, 2000);
          blobs.add(1500);
          IndexCache cache = cache(RandomBlobs.crypto(32), random.nextInt(100_000));
          List<Segment> segments = cache.cover(blobs.listed(), List.of(), Map.of(), blobs);
          assertEquals(1, segments.size());
          List<IndexEntry> expected = new ArrayList<>();
          blobs.expected().forEach(expected::add);
          List<IndexEntry> found = new ArrayList<>();
          new MergedEntries(segments, List.of()).forEach((char) 0, 'z', found::add);
          assertEquals(expected, found);
          assertEquals(expected.size(), segments.getFirst().size());
          for (IndexEntry entry : expected) {
            assertEquals(Optional.of(entry), segments.getFirst().find(entry.contentId()));
          }
        });
  }
}
