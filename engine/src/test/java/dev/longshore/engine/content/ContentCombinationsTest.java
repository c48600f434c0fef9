package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Contents written in every kind of repository can be read, recovered from their packs, and
/// verified.
final class ContentCombinationsTest {
  private static final List<String> HASHES =
      List.of(
          "BLAKE2B-256",
          "BLAKE2B-256-128",
          "BLAKE2S-128",
          "BLAKE2S-256",
          "BLAKE3-256",
          "BLAKE3-256-128",
          "HMAC-SHA224",
          "HMAC-SHA256",
          "HMAC-SHA256-128",
          "HMAC-SHA3-224",
          "HMAC-SHA3-256");
  private static final List<String> CIPHERS =
      List.of("AES256-GCM-HMAC-SHA256", "CHACHA20-POLY1305-HMAC-SHA256");

  static List<RepositoryFormat> formats() {
    List<RepositoryFormat> formats = new ArrayList<>();
    for (String hash : HASHES) {
      for (String cipher : CIPHERS) {
        RepositoryFormat format =
            TestContents.withPackSize(TestContents.format(hash, cipher), 40_000);
        formats.add(format);
        formats.add(TestContents.asVersion1(format));
        formats.add(TestContents.withEcc(format, 10));
      }
    }
    RepositoryFormat plain = TestContents.withPackSize(TestContents.defaultFormat(), 40_000);
    formats.add(TestContents.withEcc(plain, 1));
    formats.add(TestContents.withEcc(plain, 100));
    // Born as version 1, index 2 since: no epochs, but content compression.
    RepositoryFormat old = TestContents.asVersion1(plain);
    formats.add(old.withParameters(1, 40_000, 2, old.epochParameters()));
    return formats;
  }

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);

  @ParameterizedTest
  @MethodSource("formats")
  void writesReadsRecoversAndVerifies(RepositoryFormat format) throws Exception {
    Map<ContentId, byte[]> written = new HashMap<>();
    try (ContentStore contents = TestContents.open(store, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      write(session, written);
      session.flush();
    }
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      for (Map.Entry<ContentId, byte[]> content : written.entrySet()) {
        assertArrayEquals(content.getValue(), contents.read(content.getKey()));
      }
      Map<ContentId, IndexEntry> recovered = new HashMap<>();
      contents
          .recovery()
          .recoverAll((pack, entries) -> entries.forEach(e -> recovered.put(e.contentId(), e)));
      Map<ContentId, IndexEntry> indexed = new HashMap<>();
      contents.forEach(ContentRange.ALL, entry -> indexed.put(entry.contentId(), entry));
      assertEquals(indexed, recovered);
      assertEquals(written.keySet(), indexed.keySet());
      ContentVerifier.Report report =
          ContentVerifier.verify(
              contents,
              new ContentVerifier.Options(ContentRange.ALL, 100, 2),
              Seeds.generator(1),
              ContentVerifierTest.SILENT);
      assertEquals(0, report.totalErrorCount());
      assertEquals(written.size(), report.readContents());
    }
  }

  private static void write(ContentSession session, Map<ContentId, byte[]> written)
      throws RepositoryException {
    RandomGenerator random = Seeds.generator(11);
    Compression[] compressions = {Compression.ZSTD_FASTEST, Compression.GZIP};
    for (int i = 0; i < 40; i++) {
      int length = i == 0 ? 0 : random.nextInt(i % 10 == 9 ? 60_000 : 3000);
      byte[] data = i % 2 == 0 ? Seeds.bytes(random, length) : Seeds.text(random, length);
      Optional<Compression> compression =
          i % 3 == 0 ? Optional.empty() : Optional.of(compressions[i % 2]);
      char prefix = i % 4 == 0 ? 'k' : ContentId.NO_PREFIX;
      written.put(session.write(prefix, data, 0, length, compression), data);
    }
  }
}
