package dev.longshore.format.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.DirectoryWriter;
import dev.longshore.format.directory.SummaryBuilder;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.Upper;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.object.IndirectObject;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// The JSON shown under `docs/format` is what is written.
class DocumentedJsonTest {
  private static String json(String page, String name) throws IOException {
    return DocumentedSamples.of(page).json(name);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void showsAListOfParts() throws IOException {
    String list = json("objects.md", "list") + "\n";
    assertEquals(list, Upper.text(IndirectObject.decode(utf8(list)).encode()));
  }

  @Test
  void showsDirectoriesWithTheirSummaries() throws IOException {
    long emptyTime = 1_700_000_000_000_000_007L;
    for (String name : List.of("directory", "empty")) {
      String stored = json("directories.md", name) + "\n";
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      DirectoryWriter writer = new DirectoryWriter(out);
      SummaryBuilder summary = new SummaryBuilder();
      try (DirectoryReader reader = new DirectoryReader(utf8(stored))) {
        for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
          writer.add(entry);
          summary.add(entry);
        }
      }
      writer.finish(summary.build(emptyTime, ""));
      assertEquals(stored, Upper.text(out.toByteArray()));
    }
  }

  @Test
  void showsManifests() throws IOException {
    String stored = json("manifests.md", "content") + "\n";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(utf8(stored));
    }
    List<ManifestEntry> entries = ManifestContent.decode(packed.toByteArray());
    byte[] again = ManifestContent.encode(entries);
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(again))) {
      assertEquals(stored, Upper.text(gzip.readAllBytes()));
    }
  }

  @Test
  void showsASnapshot() throws IOException {
    String stored = json("manifests.md", "snapshot");
    SnapshotManifest snapshot = SnapshotManifest.decode(new ManifestId("aa"), utf8(stored));
    assertEquals(stored, Upper.text(snapshot.encode()));
  }

  @Test
  void showsPolicies() throws IOException {
    String global = json("policies.md", "global");
    assertEquals(683, global.length());
    assertEquals(global, Upper.text(Policy.decode(utf8(global)).encode()));
    assertEquals(json("policies.md", "unset"), Upper.text(Policy.UNSET.encode()));
  }

  @Test
  void showsMaintenance() throws IOException {
    assertEquals(
        json("maintenance.md", "parameters"),
        Upper.text(MaintenanceParams.defaults("me@myhost").encode()));
    String schedule = json("maintenance.md", "schedule");
    assertEquals(schedule, Upper.text(MaintenanceSchedule.decode(utf8(schedule)).encode()));
  }
}
