package dev.longshore.format.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// The files that say what Kopia writes; see `upper/README.md`.
public final class Upper {
  private Upper() {}

  /// A whole file.
  public static byte[] bytes(String name) {
    try (InputStream in = Upper.class.getResourceAsStream("/upper/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no file " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Its lines.
  public static List<String> lines(String name) {
    return Arrays.asList(new String(bytes(name), StandardCharsets.UTF_8).split("\n"));
  }

  /// Its lines cut at tabs.
  public static List<String[]> rows(String name) {
    return lines(name).stream().map(line -> line.split("\t", -1)).toList();
  }

  /// The rows whose first column is `kind`; not empty.
  public static List<String[]> rows(String name, String kind) {
    List<String[]> rows = rows(name).stream().filter(row -> row[0].equals(kind)).toList();
    if (rows.isEmpty()) {
      throw new IllegalStateException("no row " + kind + " in " + name);
    }
    return rows;
  }

  /// What a column in base64 stands for.
  public static byte[] base64(String column) {
    return Base64.getDecoder().decode(column);
  }

  /// A text for people to compare.
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
