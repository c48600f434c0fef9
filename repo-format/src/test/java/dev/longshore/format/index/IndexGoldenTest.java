package dev.longshore.format.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.epoch.CompactionLog;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.golden.GoldenRepository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Index blobs that Kopia wrote.
class IndexGoldenTest {
  static Stream<GoldenRepository> repositories() {
    return GoldenRepository.all();
  }

  @Test
  void readsAndWritesKopiasVectors() throws IOException {
    byte[] index = new byte[0];
    List<IndexEntry> entries = new ArrayList<>();
    int checked = 0;
    List<String[]> lines = new ArrayList<>(GoldenRepository.lines("index-vectors.txt"));
    lines.add(new String[] {"end"});
    for (String[] line : lines) {
      if (line[0].equals("content")) {
        entries.add(GoldenRepository.entry(line));
        continue;
      }
      if (!entries.isEmpty()) {
        IndexBuilder builder = IndexBuilder.of(entries);
        IndexReader reader = IndexReader.open(index);
        assertArrayEquals(index, builder.build(reader.version(), null));
        List<IndexEntry> read = new ArrayList<>();
        reader.forEach(read::add);
        assertEquals(builder.sorted(), read);
        entries.clear();
        checked++;
      }
      index = line[0].equals("index") ? HexFormat.of().parseHex(line[1]) : index;
    }
    assertEquals(2, checked);
  }

  @ParameterizedTest
  @MethodSource("repositories")
  void findsTheContentsThatKopiaLists(GoldenRepository repository) throws IOException {
    RepositoryCrypto crypto = repository.crypto();
    boolean epochs = repository.format().epochParameters().enabled();
    EpochState state = EpochState.of(repository.list("x"));
    List<IndexReader> readers = new ArrayList<>();
    for (BlobMetadata blob : epochs ? state.activeIndexBlobs() : activeV0(repository, crypto)) {
      byte[] stored = repository.blob(blob.id().value());
      readers.add(IndexReader.open(crypto.openBlob(blob.id(), stored)));
    }
    MergedIndex merged = new MergedIndex(readers);
    List<IndexEntry> expected =
        repository.expected("content").stream().map(GoldenRepository::entry).toList();
    List<IndexEntry> found = new ArrayList<>();
    for (IndexEntry entry : merged) {
      if (!state.isDropped(entry)) {
        found.add(entry);
      }
    }
    assertEquals(IndexBuilder.of(expected).sorted(), found);
    for (IndexEntry entry : expected) {
      assertEquals(entry, merged.find(entry.contentId()).orElseThrow());
    }
  }

  private static List<BlobMetadata> activeV0(GoldenRepository repository, RepositoryCrypto crypto)
      throws IOException {
    List<CompactionLog> logs = new ArrayList<>();
    for (BlobMetadata blob : repository.list("m")) {
      byte[] stored = repository.blob(blob.id().value());
      logs.add(CompactionLog.decode(crypto.openBlob(blob.id(), stored)));
    }
    return V0IndexSet.active(repository.list("n"), logs);
  }

  @Test
  void writesTheWorkedExampleByteForByte() throws IOException {
    IndexEntry entry =
        new IndexEntry(
            ContentId.parse("m13edebdacac07dd8951fca8433f903ed").orElseThrow(),
            new BlobId("q6259baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147"),
            32,
            674,
            646,
            0,
            false,
            0x6b015e00L,
            3,
            0);
    String expected =
        "0211001000000001000000010100000000"
            + "6d13edebdacac07dd8951fca8433f903ed"
            + "6b015e00000000200002860002a20000"
            + "360000003d"
            + "000000000300"
            + HexFormat.of()
                .formatHex(entry.packBlobId().value().getBytes(StandardCharsets.US_ASCII));
    byte[] index = IndexBuilder.of(List.of(entry)).build(2, null);
    assertEquals(expected, HexFormat.of().formatHex(index));
    assertEquals(115, index.length);
    assertTrue(IndexReader.open(index).find(entry.contentId()).isPresent());
  }

  @Test
  void theDocumentationShowsTheBytesThatAreWritten() throws IOException {
    DocumentedSamples page = DocumentedSamples.of("index.md");
    IndexEntry short1 =
        new IndexEntry(
            ContentId.parse("m13edebdacac07dd8951fca8433f903ed").orElseThrow(),
            new BlobId("q6259baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147"),
            32,
            674,
            646,
            0,
            false,
            0x6b015e00L,
            3,
            0);
    assertArrayEquals(page.hex("index-v1"), IndexBuilder.of(List.of(short1)).build(1, null));
    assertArrayEquals(page.hex("index-v2"), IndexBuilder.of(List.of(short1)).build(2, null));
    IndexEntry long1 =
        new IndexEntry(
            ContentId.parse("00112233445566778899aabbccddeeff").orElseThrow(),
            new BlobId("p1-s1"),
            32,
            (1 << 24) + 84,
            2 << 24,
            0x1100,
            false,
            0x6b015e00L,
            3,
            0);
    IndexEntry tombstone =
        new IndexEntry(
            ContentId.parse("k00112233445566778899aabbccddeeff").orElseThrow(),
            new BlobId("q1-s1"),
            4096,
            128,
            100,
            0,
            true,
            0x6b015e01L,
            3,
            0);
    assertArrayEquals(
        page.hex("index-v2-long"), IndexBuilder.of(List.of(tombstone, long1)).build(2, null));
  }
}
