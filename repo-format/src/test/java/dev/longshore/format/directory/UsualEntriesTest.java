package dev.longshore.format.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.JsonFuzz;
import dev.longshore.format.json.Upper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class UsualEntriesTest {
  private static final List<EntryType> TYPES =
      List.of(EntryType.FILE, EntryType.DIRECTORY, EntryType.SYMLINK);
  private static final String[] NAME_PARTS = {
    "a",
    "file ",
    "<&>",
    "\"",
    "\\",
    "\n",
    "ü",
    "日本",
    "\ud83d\ude00",
    "\udcff",
    "\u2028",
    "\u007f",
    "'",
    "."
  };

  private static byte[] directory(long seed, int count) throws IOException {
    Random random = new Random(seed);
    TreeMap<String, DirEntry> entries = new TreeMap<>(dev.longshore.format.json.RawText::compare);
    for (int i = 0; i < count; i++) {
      StringBuilder name = new StringBuilder().append(i);
      for (int parts = random.nextInt(4); parts > 0; parts--) {
        name.append(NAME_PARTS[random.nextInt(NAME_PARTS.length)]);
      }
      byte[] hash = new byte[random.nextBoolean() ? 16 : 32];
      random.nextBytes(hash);
      char prefix = random.nextInt(3) == 0 ? 'k' : ContentId.NO_PREFIX;
      EntryType type = TYPES.get(random.nextInt(3));
      long time = random.nextBoolean() ? random.nextLong() : random.nextInt() * 1_000_000_000L;
      entries.put(
          name.toString(),
          new DirEntry(
              name.toString(),
              type,
              random.nextInt(5) == 0 ? 0 : random.nextInt() & GoFileMode.MASK,
              random.nextInt(5) == 0 ? 0 : random.nextLong() >>> random.nextInt(1, 64),
              random.nextInt(5) == 0 ? 0 : time,
              random.nextInt(3) == 0 ? 0xffff_ffffL : random.nextInt(1000),
              random.nextInt(3),
              new ObjectId(random.nextInt(3), false, ContentId.of(prefix, hash)),
              type == EntryType.DIRECTORY ? summary(random) : null));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DirectoryWriter writer = new DirectoryWriter(out);
    List<DirEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(DirEntry.ORDER);
    for (DirEntry entry : sorted) {
      writer.add(entry);
    }
    writer.finish(summary(random));
    return out.toByteArray();
  }

  private static DirSummary summary(Random random) {
    List<EntryError> errors =
        random.nextInt(4) == 0 ? List.of(new EntryError("p", "no")) : List.of();
    return new DirSummary(
        random.nextInt(1000),
        random.nextInt(5),
        random.nextInt(5),
        1,
        random.nextLong(),
        random.nextInt(4) == 0 ? "canceled" : "",
        errors.size(),
        0,
        errors);
  }

  /// What a reader makes of a directory, in words.
  private static String outcome(DirectoryReader directory) throws IOException {
    StringBuilder all = new StringBuilder();
    try (DirectoryReader reader = directory) {
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        all.append(entry).append('\n');
      }
      return all.append(reader.summary()).toString();
    } catch (CorruptException e) {
      return "corrupt";
    }
  }

  private static void checkAlike(byte[] bytes) throws IOException {
    String expected = outcome(DirectoryReader.general(new ByteArrayInputStream(bytes)));
    assertEquals(expected, outcome(new DirectoryReader(bytes)));
    assertEquals(expected, outcome(new DirectoryReader(new Trickle(bytes))));
  }

  /// Gives a few bytes at a time.
  private static final class Trickle extends InputStream {
    private final byte[] bytes;
    private int at;

    Trickle(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at < bytes.length ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int count = Math.min(Math.min(length, 1 + at % 7), bytes.length - at);
      System.arraycopy(bytes, at, target, offset, count);
      at += count;
      return count == 0 && length > 0 ? -1 : count;
    }
  }

  @Test
  void readsWhatTheParserReads() throws IOException {
    for (int seed = 0; seed < 60; seed++) {
      checkAlike(directory(seed, seed * 3));
    }
    for (String[] row : Upper.rows("directories.txt", "directory")) {
      checkAlike(Upper.base64(row[3]));
    }
  }

  @Test
  void judgesDamagedBytesAsTheParserDoes() throws IOException {
    List<byte[]> samples = new ArrayList<>();
    samples.add(Upper.bytes("directory-edge-cases.json"));
    samples.add(Upper.bytes("directory-invalid-names.json"));
    for (int seed = 100; seed < 110; seed++) {
      samples.add(directory(seed, 3));
    }
    JsonFuzz.run(31, samples, UsualEntriesTest::checkAlike);
  }

  @Test
  void judgesWhatStandsBetweenEntriesAsTheParserDoes() throws IOException {
    String head = "{\"stream\":\"kopia:directory\",\"entries\":";
    String entry = "{\"name\":\"a\",\"type\":\"f\",\"obj\":\"00\"}";
    String tail =
        ",\"summary\":"
            + "{\"size\":1,\"files\":1,\"symlinks\":0,\"dirs\":1,"
            + "\"maxTime\":\"2020-02-29T00:00:00Z\",\"numFailed\":0}}\n";
    for (String between : List.of(",", " , ", "", ",,", ", null,", "]", "\u0000", ";", ",]")) {
      checkAlike(bytes(head + "[" + entry + between + entry + "]" + tail));
    }
    for (String list :
        List.of("null", "[]", "[ ]", "{}", "[null]", "[" + entry + ",]", "nul", "")) {
      checkAlike(bytes(head + list + tail));
    }
    for (String end : List.of("", " ", "\n\n", "x", "{}")) {
      checkAlike(bytes(head + "[" + entry + "]" + tail + end));
    }
    String whole = head + "[" + entry + "," + entry + "]" + tail;
    for (int length = 0; length <= whole.length(); length++) {
      checkAlike(bytes(whole.substring(0, length)));
    }
  }

  @Test
  void judgesTimesNumbersAndIdsAsTheParserDoes() throws IOException {
    for (String time :
        List.of(
            "1970-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2000-02-29T12:34:56.1Z",
            "2020-13-01T00:00:00Z",
            "2020-00-01T00:00:00Z",
            "2020-01-00T00:00:00Z",
            "2020-04-31T00:00:00Z",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:60:00Z",
            "2020-01-01T00:00:60Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00.1234567891Z",
            "2020-01-01T00:00:00+01:00",
            "1677-09-21T00:12:43.145224191Z",
            "",
            "2020-01-01")) {
      checkField("\"mtime\":\"" + time + "\"");
    }
    for (String number :
        List.of(
            "0",
            "00",
            "01",
            "-1",
            "1e3",
            "1.0",
            "4294967295",
            "4294967296",
            "999999999999999999",
            "9223372036854775807",
            "9223372036854775808",
            "null",
            "\"1\"")) {
      checkField("\"size\":" + number);
      checkField("\"uid\":" + number);
    }
    for (String mode :
        List.of(
            "0",
            "00",
            "0644",
            "08",
            "0o644",
            "037777777777",
            "017777777777",
            "644",
            "",
            "0x1",
            "06_4",
            "0000000000000644")) {
      checkField("\"mode\":\"" + mode + "\"");
    }
    for (String object :
        List.of(
            "",
            "0",
            "00",
            "kab",
            "gg00",
            "AB",
            "Iab",
            "IIkab",
            "Zab",
            "Dab",
            "I",
            "k",
            "fab",
            "zab",
            "ab".repeat(32),
            "ab".repeat(33),
            "I".repeat(16) + "ab",
            "I".repeat(17) + "ab")) {
      checkAlike(document("{\"name\":\"n\",\"type\":\"f\",\"obj\":\"" + object + "\"}"));
    }
  }

  private static void checkField(String field) throws IOException {
    checkAlike(document("{\"name\":\"n\",\"type\":\"f\"," + field + ",\"obj\":\"00\"}"));
  }

  private static byte[] document(String entry) {
    return bytes("{\"stream\":\"kopia:directory\",\"entries\":[" + entry + "],\"summary\":null}\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void takesWhatOurWriterWritesWithoutTheParser() throws IOException {
    UsualEntries entries = new UsualEntries(new ByteArrayInputStream(usualDirectory()));
    int count = 0;
    while (entries.next() != null) {
      count++;
    }
    assertTrue(entries.isFinished());
    assertFalse(entries.isEntryDue());
    assertEquals(1000, count);
  }

  private static byte[] usualDirectory() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DirectoryWriter writer = new DirectoryWriter(out);
    SummaryBuilder summary = new SummaryBuilder();
    for (int i = 1000; i < 2000; i++) {
      DirEntry entry =
          new DirEntry(
              i + " <ü&\ud83d\ude00>",
              EntryType.FILE,
              0644,
              i,
              i,
              0,
              0,
              ObjectId.direct(ContentId.of(ContentId.NO_PREFIX, new byte[16])),
              null);
      writer.add(entry);
      summary.add(entry);
    }
    writer.finish(summary.build(0, ""));
    return out.toByteArray();
  }
}
