package dev.longshore.format.index;

import dev.longshore.format.fuzz.Fuzz;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged indexes.
class IndexFuzzTest {
  private static List<byte[]> samples(int version) {
    Random random = new Random(version);
    List<byte[]> samples = new ArrayList<>();
    for (int count : new int[] {0, 1, 2, 5, 40}) {
      IndexBuilder builder = new IndexBuilder();
      for (int i = 0; i < count; i++) {
        byte[] hash = new byte[count == 5 ? 32 : 16];
        random.nextBytes(hash);
        ContentId id = ContentId.of(i % 2 == 0 ? ContentId.NO_PREFIX : 'k', hash);
        BlobId pack = new BlobId("p" + i % 3 + "-s1");
        int length = version == 2 && count == 2 ? 1 << 25 : 100;
        builder.add(new IndexEntry(id, pack, i, length, length, 0, false, i, 1 + i % 2, 0));
      }
      samples.add(builder.build(version, null));
    }
    return samples;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void damagedIndexesAreRefusedOrReadable(int version) {
    Fuzz.run(version, samples(version), IndexFuzzTest::readAll);
  }

  /// Once open, an index is readable to the last entry.
  private static void readAll(byte[] bytes) throws IOException {
    IndexReader reader = IndexReader.open(bytes);
    ContentId last = null;
    for (IndexEntry entry : reader) {
      if (last != null && last.compareTo(entry.contentId()) >= 0) {
        throw new AssertionError("ids do not ascend");
      }
      last = entry.contentId();
      if (!reader.find(last).equals(java.util.Optional.of(entry))) {
        throw new AssertionError("an entry is not found");
      }
    }
    reader.find(ContentId.of('x', new byte[16]));
  }
}
