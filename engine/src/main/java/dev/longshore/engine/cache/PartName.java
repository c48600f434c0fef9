package dev.longshore.engine.cache;

import java.util.Optional;

/// The name of a file that holds a part of a blob: `OFFSET-LENGTH-BLOBLENGTH`, in decimal.
///
/// @param blobLength the whole blob's; 0 if it was not known
record PartName(long offset, int length, long blobLength) {
  private static final int MAX_DIGITS = 18;

  long end() {
    return offset + length;
  }

  static Optional<PartName> parse(String name) {
    int first = name.indexOf('-');
    int second = name.indexOf('-', first + 1);
    if (first < 0 || second < 0) {
      return Optional.empty();
    }
    long offset = number(name, 0, first);
    long length = number(name, first + 1, second);
    long blobLength = number(name, second + 1, name.length());
    boolean sound =
        offset >= 0
            && length > 0
            && length <= PartFile.MAX_LENGTH
            && (blobLength == 0 || blobLength >= offset + length);
    return sound ? Optional.of(new PartName(offset, (int) length, blobLength)) : Optional.empty();
  }

  /// -1 if it is none.
  private static long number(String text, int from, int to) {
    if (from >= to || to - from > MAX_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }

  @Override
  public String toString() {
    return offset + "-" + length + "-" + blobLength;
  }
}
