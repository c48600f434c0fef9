package dev.longshore.format.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.golden.GoldenRepository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Packs that Kopia wrote.
class PackGoldenTest {
  static Stream<GoldenRepository> repositories() {
    return GoldenRepository.all();
  }

  @ParameterizedTest
  @MethodSource("repositories")
  void recoversTheIndexAndOpensEveryContent(GoldenRepository repository) throws IOException {
    RepositoryCrypto crypto = repository.crypto();
    boolean compressed = repository.format().supportsContentCompression();
    int packs = 0;
    for (Map.Entry<BlobId, byte[]> blob : repository.blobs().entrySet()) {
      if (!blob.getKey().startsWith("p") && !blob.getKey().startsWith("q")) {
        continue;
      }
      packs++;
      byte[] pack = blob.getValue();
      int tailLength = Math.min(pack.length, PackRecovery.TAIL_BYTES);
      int tailOffset = pack.length - tailLength;
      byte[] tail = Arrays.copyOfRange(pack, tailOffset, pack.length);
      Postamble postamble = PackRecovery.locate(tail, pack.length);
      assertEquals(0, postamble.localIndexOffset() % 4096);
      IndexReader index = PackRecovery.open(crypto, postamble, tail, tailOffset);
      assertTrue(index.size() > 0);
      for (IndexEntry entry : index) {
        if (!entry.packBlobId().equals(blob.getKey())) {
          continue; // a delete marker written along with the pack
        }
        byte[] data =
            crypto.openContent(entry.contentId(), pack, entry.packOffset(), entry.packedLength());
        if (entry.compressionHeaderId() == 0) {
          ContentId id = crypto.contentId(entry.contentId().prefix(), data, 0, data.length);
          assertEquals(entry.contentId(), id);
          assertEquals(entry.originalLength(), data.length);
        } else {
          assertTrue(compressed);
        }
      }
    }
    assertEquals(2, packs);
  }

  @Test
  void findsTheCopyOfTheFormatBlobInAPackOfVersion1() throws IOException {
    GoldenRepository repository = GoldenRepository.named("v1");
    byte[] format = repository.blob("kopia.repository");
    BlobId id =
        repository.blobs().keySet().stream()
            .filter(b -> b.startsWith("q"))
            .findFirst()
            .orElseThrow();
    byte[] pack = repository.blob(id.value());
    assertArrayEquals(format, FormatCopy.findAtStart(pack).orElseThrow());
    byte[] copy = FormatCopy.encode(format);
    assertArrayEquals(copy, Arrays.copyOf(pack, copy.length));
    assertArrayEquals(format, FormatCopy.findAtEnd(copy).orElseThrow());
    assertFalse(FormatCopy.findAtEnd(pack).isPresent());
  }

  @ParameterizedTest
  @MethodSource("repositories")
  void opensTheLogsOfTheRepository(GoldenRepository repository) throws IOException {
    RepositoryCrypto crypto = repository.crypto();
    BlobId id =
        repository.blobs().keySet().stream()
            .filter(b -> b.startsWith("_log_"))
            .findFirst()
            .orElseThrow();
    byte[] gzip = crypto.openBlob(id, repository.blob(id.value()));
    assertEquals(0x1f, gzip[0]);
  }
}
