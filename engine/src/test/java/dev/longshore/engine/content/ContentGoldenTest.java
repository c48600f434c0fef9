package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Repositories that the real Kopia wrote read back as it says they do.
final class ContentGoldenTest {
  @TempDir Path directory;

  static final List<String> FIXTURES = Fixtures.KOPIA;

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void listsAndReadsEveryContentAsKopiaDoes(String name) throws Exception {
    Fixtures.Fixture fixture = Fixtures.kopia(name, directory);
    try (FilesystemStore store = open(fixture);
        ContentStore contents = TestContents.open(store, fixture.password(), FakeClock.of2026())) {
      Map<String, String> expected = new HashMap<>();
      Map<String, String> found = new HashMap<>();
      Map<String, List<IndexEntry>> byPack = new HashMap<>();
      for (Json content : fixture.expected().get("contents").list()) {
        expected.put(content.get("contentID").text(), describe(content));
      }
      contents.forEach(
          ContentRange.ALL_WITH_DELETED,
          entry -> {
            found.put(entry.contentId().toString(), describe(entry));
            byPack
                .computeIfAbsent(entry.packBlobId().value(), pack -> new ArrayList<>())
                .add(entry);
          });
      assertEquals(expected, found);
      readOneByOne(contents, found.keySet());
      readByPack(contents, byPack);
    }
  }

  @Test
  void readsEveryContentThatVeleroWrote() throws Exception {
    Path repository = Fixtures.velero(directory);
    try (FilesystemStore store = FilesystemStore.open(FilesystemOptions.of(repository.toString()));
        ContentStore contents = TestContents.open(store, "static-passw0rd", FakeClock.of2026())) {
      ContentVerifier.Report report =
          ContentVerifier.verify(
              contents,
              new ContentVerifier.Options(ContentRange.ALL_WITH_DELETED, 100, 2),
              Seeds.generator(1),
              ContentVerifierTest.SILENT);
      assertEquals(0, report.totalErrorCount());
      assertTrue(report.readContents() > 10, report.toString());
    }
  }

  private static FilesystemStore open(Fixtures.Fixture fixture) throws Exception {
    return FilesystemStore.open(FilesystemOptions.of(fixture.repository().toString()));
  }

  private static String describe(Json content) {
    return String.join(
        " ",
        content.get("packFile").text(),
        content.get("packOffset").toString(),
        content.get("length").toString(),
        content.get("originalLength").toString(),
        content.get("time").toString(),
        content.get("deleted").toString(),
        content.get("formatVersion").toString(),
        Long.toString(content.number("compression", 0)));
  }

  private static String describe(IndexEntry entry) {
    return String.join(
        " ",
        entry.packBlobId().value(),
        Integer.toString(entry.packOffset()),
        Integer.toString(entry.packedLength()),
        Integer.toString(entry.originalLength()),
        Long.toString(entry.timestampSeconds()),
        Boolean.toString(entry.deleted()),
        Integer.toString(entry.formatVersion()),
        Integer.toString(entry.compressionHeaderId()));
  }

  private static void readOneByOne(ContentStore contents, Set<String> ids) throws Exception {
    for (String text : ids) {
      ContentId id = ContentId.parse(text).orElseThrow();
      IndexEntry entry = contents.find(id).orElseThrow();
      assertEquals(entry.originalLength(), contents.read(id).length, text);
      int header = entry.compressionHeaderId();
      assertTrue(header == 0 || Compression.byHeaderId(header).isPresent(), text);
    }
  }

  private static void readByPack(ContentStore contents, Map<String, List<IndexEntry>> byPack)
      throws Exception {
    assertFalse(byPack.isEmpty());
    for (List<IndexEntry> entries : byPack.values()) {
      Set<ContentId> wanted = new TreeSet<>();
      entries.forEach(entry -> wanted.add(entry.contentId()));
      BoundedBuffers buffers = contents.buffers(1 << 20, ContentCheck.HASHED);
      for (PackRun run : PackRun.plan(entries, buffers.usualBytes())) {
        contents.read(
            run,
            buffers,
            ContentCheck.HASHED,
            (entry, plain) -> assertTrue(wanted.remove(entry.contentId())));
      }
      assertEquals(Set.of(), wanted);
    }
  }
}
