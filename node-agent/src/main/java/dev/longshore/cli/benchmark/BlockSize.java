package dev.longshore.cli.benchmark;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes of blocks as Kopia's benchmarks read them: every unit is a power of 1024, so `1MB` is a
/// mebibyte.
final class BlockSize implements ITypeConverter<Integer> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,10})([KMG]?)(I?B)?");
  private static final int MAX_BYTES = 1 << 30;

  @Override
  public Integer convert(String text) {
    Matcher found = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (found.matches()) {
      int shift =
          switch (found.group(2)) {
            case "K" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
          };
      long bytes = Long.parseLong(found.group(1)) << shift;
      if (bytes >= 1 && bytes <= MAX_BYTES) {
        return (int) bytes;
      }
    }
    throw new TypeConversionException("'" + text + "' is not a size of 1 byte to 1GB, such as 4MB");
  }
}
