package dev.longshore.engine.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifyPassTest {
  private final Contents contents = new Contents();

  /// An index, and nothing behind it.
  private static final class Contents implements ContentReader {
    private final List<IndexEntry> entries = new ArrayList<>();

    void add(String pack, int length) {
      ContentId id = ContentId.parse("%032x".formatted(entries.size())).orElseThrow();
      entries.add(new IndexEntry(id, new BlobId(pack), 0, length, length, 0, false, 1, 2, 0));
    }

    @Override
    public Optional<IndexEntry> find(ContentId id) {
      return entries.stream().filter(entry -> entry.contentId().equals(id)).findFirst();
    }

    @Override
    public byte[] read(ContentId id) throws RepositoryException {
      throw new NotFoundException("content " + id);
    }

    @Override
    public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
      for (IndexEntry entry : entries) {
        visitor.visit(entry);
      }
    }

    @Override
    public void refresh() {}
  }

  private VerifyPass.Slice next(VerifyPass pass, long maxBytes) throws RepositoryException {
    return pass.next(contents, ContentRange.ALL, maxBytes);
  }

  @Test
  void takesWholePacksWithinTheBytesButAtLeastOne() throws Exception {
    contents.add("p1", 100);
    contents.add("p3", 50);
    contents.add("p2", 40);
    contents.add("p2", 10);
    VerifyPass.Slice first = next(VerifyPass.NONE, 1);
    assertEquals(new VerifyPass.Slice(first.window(), 100, false), first);
    assertTrue(first.window().includes(new BlobId("p1")));
    assertFalse(first.window().includes(new BlobId("p2")));
    VerifyPass second = VerifyPass.NONE.after(first, 2, 1000);
    assertEquals("p1", second.after());
    VerifyPass.Slice rest = next(second, 100);
    assertEquals(100, rest.bytes());
    assertTrue(rest.isLast());
    VerifyPass done = second.after(rest, 1, 2000);
    assertEquals(new VerifyPass(0, "", 0, 0, 0, 2000, 2, 200, 3), done);
    assertEquals(Optional.of(done), VerifyPass.decode(done.encode()));
  }

  @Test
  void whatIsWrittenMeanwhileIsForThisPassOrTheNext() throws Exception {
    contents.add("p4", 10);
    contents.add("p6", 10);
    VerifyPass.Slice first = next(VerifyPass.NONE, 1);
    contents.add("p3", 10);
    contents.add("p5", 10);
    VerifyPass behind = VerifyPass.NONE.after(first, 0, 1);
    VerifyPass.Slice second = next(behind, 1000);
    assertFalse(second.window().includes(new BlobId("p3")));
    assertTrue(second.window().includes(new BlobId("p5")));
    assertTrue(second.isLast());
    assertEquals(40, next(behind.after(second, 0, 2), 1000).bytes());
  }

  @Test
  void emptyRepositoryIsAWholePass() throws Exception {
    assertTrue(next(VerifyPass.NONE, 10).isLast());
  }

  @Test
  void everyPackHasItsTurnInABoundedNumberOfRuns() {
    Seeds.check(
        100,
        random -> {
          contents.entries.clear();
          int packs = 1 + random.nextInt(30);
          for (int i = 0; i < 3 * packs; i++) {
            contents.add("p" + random.nextInt(packs), 1 + random.nextInt(100));
          }
          long limit = random.nextInt(400);
          Set<BlobId> read = new HashSet<>();
          VerifyPass pass = VerifyPass.NONE;
          int runs = 0;
          while (pass.endedRuns() == 0) {
            assertTrue(runs++ < packs, "more runs than packs");
            VerifyPass.Slice slice = next(pass, limit);
            for (IndexEntry entry : contents.entries) {
              if (slice.window().includes(entry.packBlobId())) {
                read.add(entry.packBlobId());
              }
            }
            pass = pass.after(slice, 0, runs);
          }
          assertTrue(contents.entries.stream().allMatch(e -> read.contains(e.packBlobId())));
          assertEquals(
              contents.entries.stream().mapToLong(IndexEntry::packedLength).sum(),
              pass.endedBytes());
        });
  }
}
