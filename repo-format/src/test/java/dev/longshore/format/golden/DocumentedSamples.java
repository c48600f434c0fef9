package dev.longshore.format.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// The code blocks of a page under `docs/format`, so that what is documented is what is written.
public final class DocumentedSamples {
  private final List<String> lines;

  private DocumentedSamples(List<String> lines) {
    this.lines = lines;
  }

  /// Reads a page; tests run in the module's folder.
  public static DocumentedSamples of(String page) throws IOException {
    return new DocumentedSamples(Files.readAllLines(Path.of("..", "docs", "format", page)));
  }

  /// The lines of the block that begins with this line after its backquotes, for example `hex
  /// blob`.
  public List<String> block(String title) {
    int start = lines.indexOf("```" + title) + 1;
    if (start == 0) {
      throw new IllegalStateException("no block " + title);
    }
    return lines.subList(start, lines.size()).stream()
        .takeWhile(line -> !line.equals("```"))
        .toList();
  }

  /// The bytes of a hex block: each line up to two blanks, without blanks.
  public byte[] hex(String name) {
    return HexFormat.of()
        .parseHex(
            block("hex " + name).stream()
                .map(line -> line.replaceFirst("  .*", "").replace(" ", ""))
                .collect(Collectors.joining()));
  }

  /// The text of a JSON block without line breaks.
  public String json(String name) {
    return String.join("", block("json " + name));
  }
}
