package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackRunTest {
  private static IndexEntry entry(String pack, int offset, int length) {
    return entry(pack, offset, length, 2 * length, 0);
  }

  private static IndexEntry entry(
      String pack, int offset, int length, int plainLength, int compression) {
    ContentId id =
        ContentId.of(
            ContentId.NO_PREFIX,
            (pack + offset + "-16 bytes at least").getBytes(StandardCharsets.US_ASCII),
            0,
            16);
    return new IndexEntry(
        id, new BlobId(pack), offset, length, plainLength, compression, false, 1, 3, 0);
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
            new PackRun(new BlobId("pa"), List.of(a0, a1), 80),
            new PackRun(new BlobId("pa"), List.of(a2), 40),
            new PackRun(new BlobId("pb"), List.of(huge), 1000),
            new PackRun(new BlobId("pb"), List.of(b1), 10)),
        runs);
  }

  @Test
  void aRunTakesItsGapsAndThePlainBytesOfWhatIsCompressed() {
    IndexEntry first = entry("pa", 0, 40);
    IndexEntry compressed = entry("pa", 50, 40, 90, 0x1100);
    IndexEntry far = entry("pa", 1 << 20, 40);

    List<PackRun> runs = PackRun.plan(List.of(far, compressed, first), 1000);

    assertEquals(
        List.of(new PackRun(new BlobId("pa"), List.of(first, compressed, far), 40 + 10 + 130 + 40)),
        runs);
  }

  @Test
  void contentsThatOverlapAreFetchedEachForItself() {
    IndexEntry first = entry("pa", 0, 40);
    IndexEntry inside = entry("pa", 20, 40);
    assertFalse(PackRun.isNear(first, inside));
    assertTrue(PackRun.isNear(first, entry("pa", 40, 1)));
    assertEquals(80, PackRun.plan(List.of(first, inside), 1000).getFirst().spaceBytes());
  }

  @Test
  void noRoomIsSetAsideForPlainBytesThatTheStoredOnesCannotGive() {
    assertEquals(16 << 20, PackRun.plainSpace(entry("pa", 0, 10, 16 << 20, 0x1100)));
    assertEquals(0, PackRun.plainSpace(entry("pa", 0, 10, (16 << 20) + 1, 0x1100)));
    assertEquals(64 << 20, PackRun.plainSpace(entry("pa", 0, 1 << 20, 64 << 20, 0x1100)));
    assertEquals(0, PackRun.plainSpace(entry("pa", 0, 1 << 20, Integer.MAX_VALUE, 0x1100)));
    assertEquals(0, PackRun.plainSpace(entry("pa", 0, 10, 1000, 0)));
  }

  @Test
  void nothingNeedsNoRun() {
    assertEquals(List.of(), PackRun.plan(List.of(), 80));
  }
}
