package dev.longshore.format.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFuzz;
import dev.longshore.format.json.Upper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ManifestContentTest {
  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }

  private static byte[] gzip(String plain) throws IOException {
    return gzip(plain.getBytes(StandardCharsets.UTF_8));
  }

  private static String gunzip(byte[] packed) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return Upper.text(in.readAllBytes());
    }
  }

  private static List<byte[]> contents() {
    return Upper.rows("manifests.txt", "content").stream()
        .map(row -> Upper.base64(row[1]))
        .toList();
  }

  private static ManifestEntry entry(String id, long time, String data) {
    return new ManifestEntry(
        new ManifestId(id),
        Map.of("type", "t"),
        Instant.ofEpochSecond(time),
        false,
        data.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesWhatKopiaWrote() throws IOException {
    for (byte[] content : contents()) {
      byte[] again = ManifestContent.encode(ManifestContent.decode(content));
      assertEquals(gunzip(content), gunzip(again));
    }
  }

  @Test
  void findsTheManifestsKopiaLists() throws CorruptException {
    List<List<ManifestEntry>> contents = new ArrayList<>();
    for (byte[] content : contents()) {
      contents.add(ManifestContent.decode(content));
    }
    Map<String, String> expected = new TreeMap<>();
    for (String[] row : Upper.rows("manifests.txt", "manifest")) {
      expected.put(row[1], row[2] + " " + row[3] + " " + row[4]);
    }
    for (List<List<ManifestEntry>> order : List.of(contents, contents.reversed())) {
      Map<String, String> found = new TreeMap<>();
      for (ManifestEntry manifest : ManifestContent.merge(order).values()) {
        String labels =
            manifest.labels().entrySet().stream()
                .map(Object::toString)
                .collect(Collectors.joining(","));
        found.put(
            manifest.id().value(),
            manifest.data().length + " " + GoTime.format(manifest.modified()) + " " + labels);
      }
      assertEquals(expected, found);
    }
  }

  @Test
  void letsTheLaterEntryHoldWhereverItStands() {
    ManifestId id = new ManifestId("aa");
    ManifestEntry early = entry("aa", 1, "1");
    ManifestEntry late = entry("aa", 2, "2");
    ManifestEntry same = entry("aa", 2, "3");
    ManifestEntry gone = ManifestEntry.deletion(id, Instant.ofEpochSecond(3));
    assertEquals(
        Map.of(id, late), ManifestContent.merge(List.of(List.of(early), List.of(late, same))));
    assertEquals(Map.of(id, late), ManifestContent.merge(List.of(List.of(late, early))));
    assertEquals(Map.of(), ManifestContent.merge(List.of(List.of(gone), List.of(late))));
    ManifestEntry back = entry("aa", 4, "4");
    assertEquals(Map.of(id, back), ManifestContent.merge(List.of(List.of(back), List.of(gone))));
  }

  @Test
  void writesDeletionsWithoutLabelsAndData() throws IOException {
    ManifestEntry gone =
        ManifestEntry.deletion(new ManifestId("aa"), Instant.parse("2023-11-14T22:13:20.5Z"));
    byte[] packed = ManifestContent.encode(List.of(gone));
    assertEquals(
        "{\"entries\":[{\"id\":\"aa\",\"labels\":null,\"modified\":\"2023-11-14T22:13:20.5Z\","
            + "\"deleted\":true,\"data\":null}]}\n",
        gunzip(packed));
    assertEquals(List.of(gone), ManifestContent.decode(packed));
  }

  @Test
  void matchesBySubsetOfLabels() {
    ManifestEntry manifest =
        new ManifestEntry(
            new ManifestId("aa"), Map.of("a", "1", "b", "2"), Instant.EPOCH, false, new byte[0]);
    assertEquals(true, manifest.matches(Map.of()));
    assertEquals(true, manifest.matches(Map.of("a", "1")));
    assertEquals(false, manifest.matches(Map.of("a", "2")));
    assertEquals(false, manifest.matches(Map.of("c", "1")));
  }

  @Test
  void refusesBombs() throws IOException {
    byte[] bomb = gzip("{\"entries\":[" + " ".repeat(8 << 20) + "]}");
    assertEquals(true, bomb.length < 10_000);
    assertEquals(List.of(), ManifestContent.decode(bomb));
    assertThrows(CorruptException.class, () -> ManifestContent.decode(bomb, 1 << 20));
  }

  @Test
  void refusesWhatIsNoManifestContent() throws IOException {
    for (String text :
        List.of(
            "",
            "null",
            "[]",
            "{\"entries\":[null]}",
            "{\"entries\":[{}]}",
            "{\"entries\":[{\"id\":\"../x\"}]}",
            "{\"entries\":[],\"entries\":[]}",
            "{\"entries\":[{\"id\":\"aa\",\"modified\":1}]}",
            "{\"entries\":[{\"id\":\"aa\",\"labels\":{\"a\":1}}]}",
            "{\"entries\":[]}x")) {
      byte[] packed = gzip(text);
      assertThrows(CorruptException.class, () -> ManifestContent.decode(packed), text);
    }
    byte[] whole = gzip("{\"entries\":[]}");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThrows(CorruptException.class, () -> ManifestContent.decode(cut), "cut to " + length);
    }
    assertThrows(IllegalArgumentException.class, () -> ManifestContent.encode(List.of()));
  }

  @Test
  void survivesHostileBytes() throws IOException {
    JsonFuzz.run(13, contents(), bytes -> ManifestContent.decode(bytes, 1 << 20));
    List<byte[]> plain = new ArrayList<>();
    for (byte[] content : contents()) {
      plain.add(gunzip(content).getBytes(StandardCharsets.UTF_8));
    }
    JsonFuzz.run(
        14,
        plain,
        bytes -> {
          List<ManifestEntry> entries = ManifestContent.decode(gzip(bytes), 1 << 20);
          if (!entries.isEmpty()) {
            byte[] once = ManifestContent.encode(entries);
            byte[] twice = ManifestContent.encode(ManifestContent.decode(once));
            assertEquals(gunzip(once), gunzip(twice));
          }
        });
  }
}
