package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackRunTest {
  private static IndexEntry entry(String pack, int offset, int length) {
    ContentId id =
        ContentId.of(
            ContentId.NO_PREFIX,
            (pack + offset + "-16 bytes at least").getBytes(StandardCharsets.US_ASCII),
            0,
            16);
    return new IndexEntry(id, new BlobId(pack), offset, length, 2 * length, 0, false, 1, 3, 0);
  }

  @Test
  void ordersByPackAndOffsetAndEndsRunsAtTheLimit() {
    IndexEntry a0 = entry("pa", 0, 40);
    IndexEntry a1 = entry("pa", 40, 40);
    IndexEntry a2 = entry("pa", 80, 40);
    IndexEntry huge = entry("pb", 0, 1000);
    IndexEntry b1 = entry("pb", 1000, 10);

    List<PackRun> runs = PackRun.plan(List.of(b1, a2, huge, a0, a1), 80);

    assertEquals(
        List.of(
            new PackRun(new BlobId("pa"), List.of(a0, a1), 80, 80),
            new PackRun(new BlobId("pa"), List.of(a2), 40, 80),
            new PackRun(new BlobId("pb"), List.of(huge), 1000, 2000),
            new PackRun(new BlobId("pb"), List.of(b1), 10, 20)),
        runs);
  }

  @Test
  void nothingNeedsNoRun() {
    assertEquals(List.of(), PackRun.plan(List.of(), 80));
  }
}
