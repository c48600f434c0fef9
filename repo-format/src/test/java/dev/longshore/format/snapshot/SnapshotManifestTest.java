package dev.longshore.format.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.JsonFuzz;
import dev.longshore.format.json.Upper;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotManifestTest {
  private static final ManifestId ID = new ManifestId("8add820773512822ea254ed8782b0f64");
  private static final String FULL =
      "{\"id\":\"\",\"source\":{\"host\":\"myhost\",\"userName\":\"me\",\"path\":\"/run\"},\"description\":\"a"
          + " \\u003c\",\"startTime\":\"2026-11-21T09:12:37.040504667Z\","
          + "\"endTime\":\"2026-11-21T09:12:37.042284128Z\",\"stats\":{\"totalSize\":19932014,"
          + "\"excludedTotalSize\":1,\"fileCount\":2,\"cachedFiles\":24,\"nonCachedFiles\":3,"
          + "\"dirCount\":5,\"excludedFileCount\":6,\"excludedDirCount\":7,\"ignoredErrorCount\":8,"
          + "\"errorCount\":9},\"incomplete\":\"checkpoint\",\"rootEntry\":{\"name\":\"src1\","
          + "\"type\":\"d\",\"mode\":\"0755\",\"mtime\":\"2023-11-14T22:13:20.000000007Z\","
          + "\"obj\":\"k8c22ba2d50a0bbf2516d59c5bde1a656\",\"summ\":{\"size\":19931990,\"files\":23,"
          + "\"symlinks\":2,\"dirs\":5,\"maxTime\":\"2023-11-14T22:13:20.123456789Z\","
          + "\"numFailed\":0}},\"tags\":{\"tag:app\":\"web\",\"tag:env\":\"prod\"},"
          + "\"pins\":[\"a-pin\",\"keepme\"]}";

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The documents of a type in a repository of Kopia's.
  private static List<ManifestEntry> stored(String type) throws CorruptException {
    List<ManifestEntry> found = new ArrayList<>();
    for (String[] row : Upper.rows("manifests.txt", "content")) {
      for (ManifestEntry entry : ManifestContent.decode(Upper.base64(row[1]))) {
        if (type.equals(entry.labels().get("type"))) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  @Test
  void writesWhatKopiaWrote() throws CorruptException {
    List<ManifestEntry> manifests = stored("snapshot");
    assertEquals(2, manifests.size());
    for (ManifestEntry manifest : manifests) {
      SnapshotManifest snapshot = SnapshotManifest.decode(manifest.id(), manifest.data());
      assertEquals(Upper.text(manifest.data()), Upper.text(snapshot.encode()));
      assertEquals(manifest.labels(), snapshot.labels());
    }
  }

  @Test
  void readsAndWritesAllFields() throws CorruptException {
    SnapshotManifest snapshot = SnapshotManifest.decode(ID, utf8(FULL));
    assertEquals(FULL, Upper.text(snapshot.encode()));
    assertEquals(Optional.of(ID), snapshot.id());
    assertEquals(1795252357040504667L, snapshot.startNanos());
    assertEquals(false, snapshot.isComplete());
    assertEquals(new SnapshotStats(19932014, 1, 2, 24, 3, 5, 6, 7, 8, 9), snapshot.stats());
    assertEquals(23, snapshot.root().orElseThrow().summary().orElseThrow().files());
    assertEquals(List.of("a", "z"), snapshot.withPins(List.of("z", "a", "z")).pins());
  }

  @Test
  void readsAManifestWithoutRoot() throws CorruptException {
    SnapshotManifest snapshot =
        SnapshotManifest.decode(ID, utf8("{\"rootEntry\":null,\"storageStats\":{\"newData\":{}}}"));
    assertEquals(Optional.empty(), snapshot.root());
    assertEquals(true, Upper.text(snapshot.encode()).contains("\"rootEntry\":null"));
  }

  @Test
  void refusesLabelsThatWouldHideOthers() throws CorruptException {
    SnapshotManifest snapshot = SnapshotManifest.decode(ID, utf8(FULL));
    assertEquals(
        Map.of(
            "type",
            "snapshot",
            "hostname",
            "myhost",
            "username",
            "me",
            "path",
            "/run",
            "tag:app",
            "web",
            "tag:env",
            "prod"),
        snapshot.labels());
    SnapshotManifest hiding =
        SnapshotManifest.decode(ID, utf8(FULL.replace("tag:app", "hostname")));
    assertThrows(IllegalArgumentException.class, hiding::labels);
    SnapshotManifest nowhere = SnapshotManifest.decode(ID, utf8(FULL.replace("/run", "")));
    assertThrows(IllegalArgumentException.class, nowhere::labels);
  }

  @Test
  void parsesAndPrintsSources() {
    for (String[] row : Upper.rows("source-info.txt")) {
      Optional<SourceInfo> source = SourceInfo.parse(row[0]);
      if (row.length == 1) {
        assertEquals(Optional.empty(), source, row[0]);
      } else {
        assertEquals(Optional.of(new SourceInfo(row[2], row[1], row[3])), source, row[0]);
        assertEquals(row[4], source.orElseThrow().toString());
      }
    }
  }

  @Test
  void survivesHostileBytes() throws IOException {
    List<byte[]> samples = new ArrayList<>(List.of(utf8(FULL)));
    for (ManifestEntry manifest : stored("snapshot")) {
      samples.add(manifest.data());
    }
    JsonFuzz.run(
        15,
        samples,
        bytes -> {
          SnapshotManifest snapshot = SnapshotManifest.decode(ID, bytes);
          assertEquals(snapshot, SnapshotManifest.decode(ID, snapshot.encode()));
        });
  }
}
