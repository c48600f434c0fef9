package dev.longshore.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class BarChartTest {
  private static final BarChart CHART =
      new BarChart(
          "One < two & three",
          "MB/s",
          List.of("this", "that"),
          List.of(
              new BarChart.Row("slow", List.of(1.0, 2.0)),
              new BarChart.Row("fast", List.of(4.0, Double.NaN))));

  @Test
  void svgIsWellFormedAndBarsAreInProportion() {
    String svg = CHART.svg();
    List<String> lines = svg.lines().toList();
    assertTrue(lines.getFirst().startsWith("<svg xmlns="));
    assertEquals("</svg>", lines.getLast());
    for (String line : lines.subList(1, lines.size() - 1)) {
      assertTrue(
          line.matches("<rect( [a-z]+=\"[^\"<&]*\")*/>|<text( [a-z-]+=\"[^\"<&]*\")*>[^<]*</text>"),
          line);
    }
    assertTrue(svg.contains(">One &lt; two &amp; three<"));
    List<Integer> widths =
        Pattern.compile("<rect x=\"290\" [^>]*width=\"([0-9]+)\"")
            .matcher(svg)
            .results()
            .map((MatchResult r) -> Integer.valueOf(r.group(1)))
            .toList();
    assertEquals(List.of(125, 250, 500, 0), widths);
    assertTrue(svg.contains(">4.00 MB/s<"));
    assertTrue(svg.contains(">–<"));
  }

  @Test
  void pngHoldsTheWholePictureUnderRightChecksums() throws DataFormatException {
    ByteBuffer png = ByteBuffer.wrap(CHART.png());
    assertEquals(0x89504e470d0a1a0aL, png.getLong());
    int width = 0;
    int height = 0;
    byte[] pixels = {};
    String last = "";
    while (png.hasRemaining()) {
      byte[] data = new byte[png.getInt()];
      byte[] type = new byte[4];
      png.get(type).get(data);
      CRC32 crc = new CRC32();
      crc.update(type);
      crc.update(data);
      assertEquals((int) crc.getValue(), png.getInt());
      last = new String(type, StandardCharsets.US_ASCII);
      if (last.equals("IHDR")) {
        width = ByteBuffer.wrap(data).getInt();
        height = ByteBuffer.wrap(data).getInt(4);
        pixels = new byte[height * (3 * width + 1)];
      } else if (last.equals("IDAT")) {
        try (Inflater inflater = new Inflater()) {
          inflater.setInput(data);
          assertEquals(pixels.length, inflater.inflate(pixels));
          inflater.inflate(new byte[1]);
          assertTrue(inflater.finished());
        }
      }
    }
    assertEquals("IEND", last);
    assertEquals(1800, width);
    // The middle of the longest bar, and just behind its end.
    int row = 2 * (64 + 2 * 16 + 14 + 8);
    assertEquals(Colour.BLUE.rgb(), pixel(pixels, width, 2 * 300, row));
    assertEquals(Colour.BLUE.rgb(), pixel(pixels, width, 2 * 789, row));
    assertEquals(Colour.WHITE.rgb(), pixel(pixels, width, 2 * 791, row));
  }

  private static int pixel(byte[] pixels, int width, int x, int y) {
    return ByteBuffer.wrap(pixels).getInt(y * (3 * width + 1) + 3 * x) & 0xffffff;
  }

  @Test
  void everyPrintableCharacterHasAFormOfItsOwn() {
    List<String> forms = IntStream.rangeClosed(' ', '~').mapToObj(c -> form((char) c)).toList();
    assertEquals(forms.size(), forms.stream().distinct().count());
    assertEquals(form('-'), form('–'));
    assertEquals(form('?'), form('é'));
  }

  private static String form(char character) {
    StringBuilder form = new StringBuilder();
    for (int row = 0; row < Glyphs.HEIGHT; row++) {
      for (int column = 0; column < Glyphs.WIDTH; column++) {
        form.append(Glyphs.dot(character, column, row) ? '#' : ' ');
      }
    }
    return form.toString();
  }

  @Test
  void refusesRowsOfAnotherLength() {
    List<BarChart.Row> rows = List.of(new BarChart.Row("row", List.of(1.0, 2.0)));
    assertThrows(
        IllegalArgumentException.class, () -> new BarChart("", "", List.of("only one"), rows));
  }
}
