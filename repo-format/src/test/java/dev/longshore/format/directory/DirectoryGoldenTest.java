package dev.longshore.format.directory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import dev.longshore.format.json.Upper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Directories must come out byte for byte as Kopia writes them, or nothing deduplicates.
class DirectoryGoldenTest {
  private static byte[] written(List<DirEntry> entries, DirSummary summary) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DirectoryWriter writer = new DirectoryWriter(out);
    for (DirEntry entry : entries) {
      writer.add(entry);
    }
    writer.finish(summary);
    return out.toByteArray();
  }

  private static byte[] rewritten(byte[] stored) throws IOException {
    List<DirEntry> entries = new ArrayList<>();
    try (DirectoryReader reader = new DirectoryReader(new ByteArrayInputStream(stored))) {
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        entries.add(entry);
      }
      return written(entries, reader.summary().orElseThrow());
    }
  }

  @Test
  void readsAndWritesOddNamesModesAndTimes() throws IOException {
    byte[] stored = Upper.bytes("directory-edge-cases.json");
    // What was invalid when it was written is U+FFFD since, and that is written raw.
    String expected = Upper.text(stored).replace("\\ufffd", "\ufffd");
    assertEquals(expected, Upper.text(rewritten(stored)));
  }

  @Test
  void readsAndWritesTheDirectoriesOfRepositories() throws IOException {
    for (String line : Upper.lines("directory-streams.txt")) {
      assertEquals(
          line + "\n", Upper.text(rewritten((line + "\n").getBytes(StandardCharsets.UTF_8))));
    }
  }

  @Test
  void readsTwoEntriesOfOneNameAndTimesThatAreAbsent() throws IOException {
    List<String> names = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    try (DirectoryReader reader =
        new DirectoryReader(Upper.bytes("directory-invalid-names.json"))) {
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        names.add(entry.name());
        times.add(entry.mtimeNanos());
      }
    }
    assertEquals(List.of("e0", "sub", "bad\ufffdname", "bad\ufffdname", "before", "epoch"), names);
    assertEquals(
        List.of(0L, 0L, 1795262096409687546L, 1795262096409687546L, -5_000_000_000L, 0L), times);
  }

  @Test
  void writesInvalidNamesInTheOrderOfTheirBytes() throws IOException {
    byte[] stored = Upper.bytes("directory-invalid-names.json");
    List<DirEntry> entries = new ArrayList<>();
    byte[][] raw = {{(byte) 0xfe}, {(byte) 0xff}};
    try (DirectoryReader reader = new DirectoryReader(stored)) {
      int invalid = 0;
      for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
        boolean bad = entry.name().startsWith("bad");
        String name = bad ? "bad" + RawText.decode(raw[invalid++]) + "name" : entry.name();
        entries.add(entry.withName(name));
      }
      assertArrayEquals(stored, written(entries, reader.summary().orElseThrow()));
    }
  }

  @Test
  void buildsDirectoriesAsKopiasBuilderDoes() throws IOException {
    SummaryBuilder builder = new SummaryBuilder();
    List<DirEntry> entries = new ArrayList<>();
    int directories = 0;
    for (String[] row : Upper.rows("directories.txt")) {
      switch (row[0]) {
        case "entry" -> {
          DirEntry entry = entry(row);
          entries.add(entry);
          builder.add(entry);
        }
        case "failed" ->
            builder.addFailed(
                RawText.decode(Upper.base64(row[1])),
                Upper.text(Upper.base64(row[2])),
                Boolean.parseBoolean(row[3]));
        default -> {
          String incomplete = row[2].equals("-") ? "" : row[2];
          entries.sort(DirEntry.ORDER);
          DirSummary summary = builder.build(Long.parseLong(row[1]), incomplete);
          assertEquals(Upper.text(Upper.base64(row[3])), Upper.text(written(entries, summary)));
          builder = new SummaryBuilder();
          entries.clear();
          directories++;
        }
      }
    }
    assertEquals(true, directories > 20);
  }

  private static DirEntry entry(String[] row) throws IOException {
    DirSummary summary = null;
    if (!row[9].equals("-")) {
      try (JsonInput json = JsonInput.of("summary", Upper.base64(row[9]))) {
        summary = DirSummary.readFrom(json);
      }
    }
    return new DirEntry(
        RawText.decode(Upper.base64(row[1])),
        EntryType.ofCode(row[2]),
        Integer.parseInt(row[3]),
        Long.parseLong(row[4]),
        Long.parseLong(row[5]),
        Long.parseLong(row[6]),
        Long.parseLong(row[7]),
        ObjectId.parse(row[8]).orElseThrow(),
        summary);
  }

  @Test
  void readsTheModesGoReads() {
    for (String[] row : Upper.rows("go-json.txt", "mode")) {
      OptionalInt mode = GoFileMode.parse(row[1]);
      String read = mode.isPresent() ? Integer.toString(mode.getAsInt()) : "-";
      // Negative modes and signs are Go's own affair; no writer makes them.
      boolean signed = row[1].startsWith("-") || row[1].startsWith("+");
      assertEquals(signed ? "-" : row[2], read, row[1]);
    }
  }
}
