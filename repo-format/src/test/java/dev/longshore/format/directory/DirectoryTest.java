package dev.longshore.format.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFuzz;
import dev.longshore.format.json.Upper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static final ObjectId ID =
      ObjectId.parse("60f0aabbccddeeff00112233445566ff").orElseThrow();

  private static DirEntry entry(String name, EntryType type) {
    return new DirEntry(name, type, 0644, 0, 0, 0, 0, ID, null);
  }

  private static void read(String text) throws IOException {
    try (DirectoryReader reader = new DirectoryReader(text.getBytes(StandardCharsets.UTF_8))) {
      while (reader.next() != null) {
        // on to the end
      }
    }
  }

  private static void refuses(String text) {
    assertThrows(CorruptException.class, () -> read(text), text);
  }

  private static void refusesEntry(String fields) {
    refuses("{\"stream\":\"kopia:directory\",\"entries\":[{" + fields + "}],\"summary\":null}");
  }

  @Test
  void refusesEntriesOutOfOrder() throws IOException {
    List<List<DirEntry>> bad =
        List.of(
            List.of(entry("a", EntryType.FILE), entry("a", EntryType.FILE)),
            List.of(entry("b", EntryType.FILE), entry("a", EntryType.SYMLINK)),
            List.of(entry("a", EntryType.FILE), entry("b", EntryType.DIRECTORY)),
            List.of(entry("😀", EntryType.FILE), entry("\ue000", EntryType.FILE)));
    for (List<DirEntry> entries : bad) {
      DirectoryWriter writer = new DirectoryWriter(OutputStream.nullOutputStream());
      writer.add(entries.get(0));
      assertThrows(IllegalArgumentException.class, () -> writer.add(entries.get(1)));
    }
  }

  @Test
  void refusesStreamsOfAnotherKind() {
    refuses("");
    refuses("null");
    refuses("[]");
    refuses("{}");
    refuses("{\"stream\":\"kopia:indirect\",\"entries\":null}");
    refuses("{\"stream\":\"kopia:directory\",\"entries\":[],\"entries\":[]}");
    refuses("{\"stream\":\"kopia:directory\",\"entries\":[{\"name\":\"a\",\"obj\":\"k");
  }

  @Test
  void refusesEntriesThatCannotBe() {
    String obj = "\"obj\":\"" + ID + "\"";
    refusesEntry("\"name\":\"a\"");
    refusesEntry("\"name\":\"a\",\"obj\":\"\"");
    refusesEntry("\"obj\":\"zzz\"");
    refusesEntry(obj + ",\"size\":-1");
    refusesEntry(obj + ",\"uid\":4294967296");
    refusesEntry(obj + ",\"gid\":-1");
    refusesEntry(obj + ",\"mode\":\"-1\"");
    refusesEntry(obj + ",\"mode\":\"08\"");
    refusesEntry(obj + ",\"mode\":420");
    refusesEntry(obj + ",\"mtime\":\"now\"");
    refusesEntry(obj + ",\"summ\":{\"size\":-1}");
    refuses("{\"stream\":\"kopia:directory\",\"entries\":[null],\"summary\":null}");
  }

  @Test
  void takesFieldsInAnyOrderAndWithoutSummary() throws IOException {
    String text =
        "{\"future\":{},\"entries\":[{\"obj\":\""
            + ID
            + "\",\"new\":[1],\"type\":\"x\"}],"
            + "\"stream\":\"kopia:directory\"}";
    try (DirectoryReader reader = new DirectoryReader(text.getBytes(StandardCharsets.UTF_8))) {
      assertThrows(IllegalStateException.class, reader::summary);
      assertEquals(new DirEntry("", EntryType.UNKNOWN, 0, 0, 0, 0, 0, ID, null), reader.next());
      assertNull(reader.next());
      assertEquals(Optional.empty(), reader.summary());
    }
  }

  @Test
  void writesAnEmptyDirectoryWithNull() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new DirectoryWriter(out).finish(new SummaryBuilder().build(-7, ""));
    assertEquals(
        "{\"stream\":\"kopia:directory\",\"entries\":null,\"summary\":{\"size\":0,\"files\":0,"
            + "\"symlinks\":0,\"dirs\":1,\"maxTime\":\"1969-12-31T23:59:59.999999993Z\","
            + "\"numFailed\":0}}\n",
        Upper.text(out.toByteArray()));
  }

  @Test
  void tellsSafeNamesFromOthers() {
    for (String name : List.of("a", "...", "a b", "é", "\udcff", "-", "a".repeat(255))) {
      assertTrue(entry(name, EntryType.FILE).isSafeName(), name);
    }
    for (String name :
        List.of("", ".", "..", "/", "a/b", "/dev/loop0", "a\0", "../x", "é".repeat(128))) {
      assertFalse(entry(name, EntryType.FILE).isSafeName(), name);
    }
  }

  private static DirEntry reread(String fields) throws IOException {
    String directory = "{\"stream\":\"kopia:directory\",\"entries\":[{" + fields + "}]}";
    try (DirectoryReader reader = new DirectoryReader(directory.getBytes(StandardCharsets.UTF_8))) {
      return Objects.requireNonNull(reader.next());
    }
  }

  @Test
  void namesThatAreNoTextComeBack() throws IOException {
    String object = "\"type\":\"f\",\"obj\":\"b55fef6107d305e404011938db61344f\"";
    // 61 ff 62
    DirEntry entry =
        reread("\"name\":\"a\\ufffdb\"," + object + ",\"longshore\":{\"name\":\"Yf9i\"}");
    assertEquals("a\udcffb", entry.name());
    GoJsonWriter json = new GoJsonWriter();
    entry.writeTo(json);
    assertEquals(
        "{\"name\":\"a\\ufffdb\"," + object + ",\"longshore\":{\"name\":\"Yf9i\"}}",
        new String(json.toByteArray(), StandardCharsets.UTF_8));
    assertEquals(ExtraMetadata.NONE, entry.withName("other").extra());
  }

  @Test
  void exactNamesThatTheNameDoesNotStandForAreNotBelieved() throws IOException {
    String object = ",\"type\":\"f\",\"obj\":\"b55fef6107d305e404011938db61344f\"";
    // ../x, a with a zero, a as it is, and nothing.
    for (String exact : List.of("Li4veA==", "YQA=", "YQ==", "", "Yf9i")) {
      DirEntry entry =
          reread("\"name\":\"a\"" + object + ",\"longshore\":{\"name\":\"" + exact + "\"}");
      assertEquals("a", entry.name());
      assertEquals(ExtraMetadata.NONE, entry.extra());
    }
  }

  @Test
  void convertsModesBothWays() {
    for (int mode = 0; mode < 010000; mode++) {
      int go = GoFileMode.ofUnix(mode | 0100000);
      assertEquals(mode, GoFileMode.toUnix(go));
      assertEquals(go, go & GoFileMode.MASK);
      assertEquals(go, GoFileMode.parse(GoFileMode.format(go)).orElseThrow());
    }
    assertEquals("040000755", GoFileMode.format(GoFileMode.ofUnix(04755)));
    assertEquals("020000755", GoFileMode.format(GoFileMode.ofUnix(02755)));
    assertEquals("04000777", GoFileMode.format(GoFileMode.ofUnix(01777)));
  }

  /// Neither side holds more than a piece.
  @Test
  void streamsDirectoriesOfAnySize() throws IOException {
    int count = 100_000;
    Spool spool = new Spool(count);
    try (DirectoryReader reader = new DirectoryReader(spool)) {
      int found = 0;
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        assertEquals(found, Integer.parseInt(entry.name()));
        found++;
      }
      assertEquals(count, found);
      assertEquals(count, reader.summary().orElseThrow().files());
    }
    assertTrue(spool.largestPiece < 128 << 10, "piece of " + spool.largestPiece);
  }

  /// A directory that is written while it is read.
  private static final class Spool extends InputStream {
    private final int count;
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final DirectoryWriter writer = new DirectoryWriter(pieces);
    private final SummaryBuilder summary = new SummaryBuilder();
    private byte[] piece = new byte[0];
    private int at;
    private int written;
    private int largestPiece;

    Spool(int count) {
      this.count = count;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      while (at == piece.length) {
        if (written > count) {
          return -1;
        }
        if (written == count) {
          writer.finish(summary.build(0, ""));
        } else {
          DirEntry entry = entry("%07d".formatted(written), EntryType.FILE);
          writer.add(entry);
          summary.add(entry);
        }
        written++;
        piece = pieces.toByteArray();
        pieces.reset();
        at = 0;
        largestPiece = Math.max(largestPiece, piece.length);
      }
      int copied = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, target, offset, copied);
      at += copied;
      return copied;
    }
  }

  @Test
  void survivesHostileBytes() throws IOException {
    List<byte[]> samples = new ArrayList<>();
    samples.add(Upper.bytes("directory-edge-cases.json"));
    samples.add(Upper.bytes("directory-invalid-names.json"));
    for (String[] row : Upper.rows("directories.txt", "directory")) {
      samples.add(Upper.base64(row[3]));
    }
    JsonFuzz.run(
        12,
        samples,
        bytes -> {
          try (DirectoryReader reader = new DirectoryReader(bytes)) {
            for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
              entry.isSafeName();
            }
          }
        });
  }
}
