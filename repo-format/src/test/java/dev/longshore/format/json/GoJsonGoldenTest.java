package dev.longshore.format.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GoJsonGoldenTest {
  @Test
  void writesStringsAsGoDoes() {
    for (String[] row : Upper.rows("go-json.txt", "string")) {
      byte[] in = Upper.base64(row[1]);
      String expected = Upper.text(Upper.base64(row[2]));
      byte[] padded = new byte[in.length + 2];
      System.arraycopy(in, 0, padded, 1, in.length);
      assertEquals(
          expected, Upper.text(new GoJsonWriter().value(padded, 1, in.length).toByteArray()));
      assertEquals(
          expected, Upper.text(new GoJsonWriter().value(RawText.decode(in)).toByteArray()));
    }
  }

  @Test
  void writesNumbersAsGoDoes() {
    for (String[] row : Upper.rows("go-json.txt", "double")) {
      double in = Double.longBitsToDouble(Long.parseUnsignedLong(row[1], 16));
      assertEquals(
          Upper.text(Upper.base64(row[2])), Upper.text(new GoJsonWriter().value(in).toByteArray()));
    }
  }

  @Test
  void writesTimesAsGoDoes() {
    for (String[] row : Upper.rows("go-json.txt", "time")) {
      long nanos = Long.parseLong(row[1]);
      String expected = Upper.text(Upper.base64(row[2]));
      assertEquals(expected, Upper.text(new GoJsonWriter().time(nanos).toByteArray()));
      assertEquals(expected, '"' + GoTime.format(nanos) + '"');
      assertEquals(expected, '"' + GoTime.format(GoTime.instant(nanos)) + '"');
    }
  }

  @Test
  void readsTheTimesGoReads() {
    for (String[] row : Upper.rows("go-json.txt", "parseTime")) {
      String read =
          GoTime.parse(row[1]).map(time -> Long.toString(GoTime.epochNanos(time))).orElse("-");
      assertEquals(row[2], read, row[1]);
    }
  }

  @Test
  void arrangesWhiteSpaceAsGoDoes() {
    for (String[] row : Upper.rows("go-json.txt", "text")) {
      byte[] in = Upper.base64(row[1]);
      assertEquals(Upper.text(Upper.base64(row[2])).strip(), Upper.text(JsonText.indent(in)));
      assertEquals(Upper.text(Upper.base64(row[3])), Upper.text(JsonText.compact(in)));
    }
  }
}
