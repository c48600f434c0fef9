package dev.longshore.engine.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedBlobsTest {
  @TempDir Path folder;

  @Test
  void givesEachNameOnceInOrderHoweverLittleFitsInMemory() throws Exception {
    RandomGenerator random = Seeds.generator(5);
    for (int inMemory : new int[] {1, 7, 100, 5000}) {
      var expected = new TreeMap<BlobId, BlobMetadata>();
      try (var blobs = new SortedBlobs(Comparator.comparing(BlobMetadata::id), folder, inMemory)) {
        for (int i = 0; i < 300; i++) {
          BlobId id = new BlobId("p" + Integer.toHexString(random.nextInt(400)));
          Instant time = Instant.ofEpochSecond(id.hashCode(), id.hashCode() & 0xffff);
          var blob = new BlobMetadata(id, (long) id.hashCode() << 10, time);
          expected.put(id, blob);
          blobs.add(blob);
        }
        for (int pass = 0; pass < 2; pass++) {
          List<BlobMetadata> found = new ArrayList<>();
          try (SortedBlobs.Cursor cursor = blobs.cursor()) {
            for (BlobMetadata next = cursor.next(); next != null; next = cursor.next()) {
              found.add(next);
            }
          }
          assertEquals(List.copyOf(expected.values()), found);
        }
        assertEquals(300, blobs.count());
        assertEquals(inMemory < 300, !isEmpty());
      }
      assertTrue(isEmpty(), "temporary files are left");
    }
  }

  private boolean isEmpty() throws Exception {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }
}
