package dev.longshore.format.object;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IndirectObjectTest {
  private static final String ID = "60f0aabbccddeeff00112233445566ff";

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] list(String entries) {
    return utf8("{\"stream\":\"kopia:indirect\",\"entries\":" + entries + "}\n");
  }

  private static void refuses(byte[] bytes) {
    assertThrows(
        CorruptException.class, () -> IndirectObject.decode(bytes), () -> Upper.text(bytes));
  }

  @Test
  void writesWhatKopiaWrote() throws CorruptException {
    for (String line : Upper.lines("indirect-objects.txt")) {
      byte[] stored = utf8(line + "\n");
      assertArrayEquals(stored, IndirectObject.decode(stored).encode());
    }
  }

  @Test
  void writesTheFirstStartAndEmptyPartsWithoutNumbers() throws CorruptException {
    ObjectId id = ObjectId.parse(ID).orElseThrow();
    byte[] bytes =
        new IndirectObject(
                List.of(
                    new IndirectEntry(0, 5, id),
                    new IndirectEntry(5, 7, id),
                    new IndirectEntry(12, 0, id)))
            .encode();
    assertEquals(
        "{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":5,\"o\":\"ID\"},{\"s\":5,\"l\":7,\"o\":\"ID\"},"
            .concat("{\"s\":12,\"o\":\"ID\"}]}\n")
            .replace("ID", ID),
        Upper.text(bytes));
    assertEquals(12, IndirectObject.decode(bytes).length());
  }

  @Test
  void refusesListsThatBreakARule() throws CorruptException {
    String o = "\"o\":\"" + ID + "\"";
    assertEquals(3, IndirectObject.decode(list("[{\"l\":3," + o + "}]")).length());
    refuses(list("[]"));
    refuses(list("null"));
    refuses(list("[null]"));
    refuses(list("[{\"l\":3}]"));
    refuses(list("[{\"l\":-3," + o + "}]"));
    refuses(list("[{\"l\":3,\"o\":\"xyz\"}]"));
    refuses(list("[{\"s\":1,\"l\":3," + o + "}]"));
    refuses(list("[{\"l\":3," + o + "},{\"s\":4,\"l\":1," + o + "}]"));
    refuses(list("[{\"l\":3," + o + "},{\"s\":2,\"l\":1," + o + "}]"));
    refuses(
        list(
            "[{\"l\":9223372036854775807,"
                + o
                + "},{\"s\":9223372036854775807,\"l\":1,"
                + o
                + "}]"));
    refuses(utf8("{\"entries\":[{\"l\":3," + o + "}]}"));
    refuses(utf8("{\"stream\":\"kopia:directory\",\"entries\":[{\"l\":3," + o + "}]}"));
    refuses(list("[{\"l\":3," + o + "}],\"entries\":[{\"l\":3," + o + "}]"));
    refuses(utf8("null"));
    refuses(utf8(Upper.text(list("[{\"l\":3," + o + "}]")) + "x"));
  }

  @Test
  void refusesToWriteAListKopiaCannotRead() {
    assertThrows(IllegalArgumentException.class, () -> new IndirectObject(List.of()));
    assertThrows(
        IllegalStateException.class,
        () -> new IndirectObjectWriter(new ByteArrayOutputStream()).finish());
    ObjectId id = ObjectId.parse(ID).orElseThrow();
    assertThrows(
        IllegalArgumentException.class,
        () -> new IndirectObject(List.of(new IndirectEntry(1, 1, id))));
    assertThrows(IllegalArgumentException.class, () -> new IndirectEntry(Long.MAX_VALUE, 1, id));
  }

  @Test
  void streamsListsOfAnyLength() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    for (int count : new int[] {1, 2, 1000, 5000}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      IndirectObjectWriter writer = new IndirectObjectWriter(out);
      List<IndirectEntry> entries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ObjectId id = ObjectId.parse("%032x".formatted(i)).orElseThrow();
        IndirectEntry entry = new IndirectEntry(writer.length(), random.nextLong(1L << 40), id);
        entries.add(entry);
        writer.add(entry.length(), id);
      }
      writer.finish();
      assertArrayEquals(new IndirectObject(entries).encode(), out.toByteArray());
      try (IndirectObjectReader reader =
          new IndirectObjectReader(new ByteArrayInputStream(out.toByteArray()))) {
        for (IndirectEntry entry : entries) {
          assertEquals(entry, reader.next());
        }
        assertNull(reader.next());
        assertNull(reader.next());
        assertEquals(entries.getLast().end(), reader.length());
      }
    }
  }

  @Test
  void findsThePartOfEveryByte() {
    ObjectId id = ObjectId.parse(ID).orElseThrow();
    int[] lengths = {3, 0, 0, 1, 5, 0};
    List<IndirectEntry> entries = new ArrayList<>();
    long at = 0;
    for (int length : lengths) {
      entries.add(new IndirectEntry(at, length, id));
      at += length;
    }
    IndirectObject object = new IndirectObject(entries);
    for (long offset = 0; offset < at; offset++) {
      IndirectEntry part = entries.get(object.partAt(offset));
      assertEquals(true, part.start() <= offset && offset < part.end(), "byte " + offset);
    }
    assertThrows(IndexOutOfBoundsException.class, () -> object.partAt(9));
    assertThrows(IndexOutOfBoundsException.class, () -> object.partAt(-1));
  }

  @Test
  void passesOnFailuresOfTheStream() {
    IOException gone = new IOException("gone");
    try (IndirectObjectReader reader =
        new IndirectObjectReader(
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw gone;
              }

              @Override
              public int read(byte[] b, int off, int len) throws IOException {
                throw gone;
              }
            })) {
      assertEquals(gone, assertThrows(IOException.class, reader::next));
    }
  }

  @Test
  void survivesHostileBytes() throws IOException {
    List<byte[]> samples =
        Upper.lines("indirect-objects.txt").stream().map(IndirectObjectTest::utf8).toList();
    JsonFuzz.run(
        11,
        samples,
        bytes -> {
          IndirectObject object = IndirectObject.decode(bytes);
          assertEquals(object, IndirectObject.decode(object.encode()));
        });
  }
}
