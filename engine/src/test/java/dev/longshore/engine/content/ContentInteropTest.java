package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kopia reads the contents that we wrote, recovers them from their packs, and the other way round.
@EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
final class ContentInteropTest {
  private static final String PASSWORD = "pässword";

  @TempDir Path directory;

  private final FakeClock clock = new FakeClock(Instant.now());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--format-version=1",
        "--format-version=2 --block-hash=BLAKE3-256 --encryption=CHACHA20-POLY1305-HMAC-SHA256",
        "--block-hash=HMAC-SHA224 --ecc=REED-SOLOMON-CRC32 --ecc-overhead-percent=10"
      })
  void kopiaAcceptsOurContents(String options) throws Exception {
    Path repository = directory.resolve("repository");
    Kopia kopia = new Kopia(directory.resolve("kopia"), PASSWORD);
    kopia.create(repository, options.isEmpty() ? List.of() : List.of(options.split(" ")));
    Map<ContentId, byte[]> written = new HashMap<>();
    try (FilesystemStore store = open(repository);
        ContentStore contents = TestContents.open(store, PASSWORD, clock)) {
      write(contents, written);
      assertEquals(describe(contents), kopiaList(kopia));
      kopia.run("content", "verify", "--full", "--include-deleted");
      // Kopia's own recovery reads the local index at the end of our packs.
      deleteIndex(store, contents);
      kopia.run("index", "recover", "--commit", "--dangerous-commands=enabled");
      contents.refresh();
      Set<ContentId> recovered = new TreeSet<>();
      contents.forEach(ContentRange.ALL, entry -> recovered.add(entry.contentId()));
      assertTrue(recovered.containsAll(written.keySet()));
      kopia.run("content", "verify", "--full");

      // And ours reads the packs of both.
      deleteIndex(store, contents);
      contents.refresh();
      try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
        contents.recovery().recoverAll((pack, entries) -> session.adopt(entries));
        session.flush();
      }
      assertTrue(
          kopiaList(kopia)
              .keySet()
              .containsAll(recovered.stream().map(ContentId::toString).toList()));
      kopia.run("content", "verify", "--full");
      kopia.run("maintenance", "run", "--full", "--safety=none");
      contents.refresh();
      assertEquals(describe(contents), kopiaList(kopia));
    }
  }

  private static FilesystemStore open(Path repository) throws Exception {
    return FilesystemStore.open(FilesystemOptions.of(repository.toString()));
  }

  private void write(ContentStore contents, Map<ContentId, byte[]> written) throws Exception {
    RandomGenerator random = Seeds.generator(3);
    Compression[] compressions = {
      Compression.ZSTD, Compression.GZIP, Compression.S2_DEFAULT, Compression.DEFLATE_DEFAULT
    };
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int i = 0; i < 60; i++) {
        int length = i == 1 ? 0 : i == 2 ? 21 << 20 : random.nextInt(100_000);
        byte[] data = i % 2 == 0 ? Seeds.bytes(random, length) : Seeds.text(random, length);
        char prefix = i % 5 == 0 ? 'k' : ContentId.NO_PREFIX;
        written.put(session.write(prefix, data, 0, length, Optional.of(compressions[i % 4])), data);
        if (i == 30) {
          session.flush();
        }
      }
      ContentId dead = session.write('k', new byte[99], 0, 99, Optional.empty());
      ContentId revived = session.write('k', new byte[98], 0, 98, Optional.empty());
      written.put(revived, new byte[98]);
      session.flush();
      session.delete(dead);
      session.delete(revived);
      session.flush();
      session.undelete(revived);
      session.flush();
    }
  }

  private static void deleteIndex(FilesystemStore store, ContentStore contents) throws Exception {
    for (BlobMetadata index : contents.allIndexBlobs()) {
      store.delete(index.id());
    }
    store.list("m", blob -> store.delete(blob.id()));
  }

  private static Map<String, String> describe(ContentStore contents) throws Exception {
    Map<String, String> found = new TreeMap<>();
    contents.forEach(
        ContentRange.ALL_WITH_DELETED,
        entry ->
            found.put(
                entry.contentId().toString(),
                entry.packBlobId()
                    + " "
                    + entry.packOffset()
                    + " "
                    + entry.packedLength()
                    + " "
                    + entry.originalLength()
                    + " "
                    + entry.timestampSeconds()
                    + " "
                    + entry.deleted()
                    + " "
                    + entry.compressionHeaderId()));
    return found;
  }

  private static Map<String, String> kopiaList(Kopia kopia) throws Exception {
    Map<String, String> found = new TreeMap<>();
    String printed = kopia.run("content", "list", "--deleted", "--json");
    for (Json content : Json.parse(printed.getBytes(StandardCharsets.UTF_8)).list()) {
      found.put(
          content.get("contentID").text(),
          content.get("packFile").text()
              + " "
              + content.get("packOffset")
              + " "
              + content.get("length")
              + " "
              + content.get("originalLength")
              + " "
              + content.get("time")
              + " "
              + content.get("deleted")
              + " "
              + content.number("compression", 0));
    }
    return found;
  }
}
