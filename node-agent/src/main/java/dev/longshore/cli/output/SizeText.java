package dev.longshore.cli.output;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Sizes as users write them: bytes, or a number with a unit.
public final class SizeText {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("kb", 1_000L),
          Map.entry("mb", 1_000_000L),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("tb", 1_000_000_000_000L),
          Map.entry("k", 1L << 10),
          Map.entry("kib", 1L << 10),
          Map.entry("m", 1L << 20),
          Map.entry("mib", 1L << 20),
          Map.entry("g", 1L << 30),
          Map.entry("gib", 1L << 30),
          Map.entry("tib", 1L << 40));

  private SizeText() {}

  /// The number of bytes that a text stands for; empty if it is no size.
  public static OptionalLong parse(String text) {
    Matcher found = FORM.matcher(text.strip());
    @Nullable Long unit =
        found.matches() ? UNITS.get(found.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Math.multiplyExact(Long.parseLong(found.group(1)), unit));
    } catch (ArithmeticException e) {
      return OptionalLong.empty();
    }
  }
}
