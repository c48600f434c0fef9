package dev.longshore.format.json;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Arrays;

/// Bytes of JSON that grow at their end: strings, numbers and times as Go writes them. What belongs
/// where is [GoJsonWriter]'s business.
final class JsonBuffer {
  private static final int INITIAL_BYTES = 512;
  private static final int BLOCK = 256;
  private static final int WORST_PER_CHAR = 6;
  private static final byte[] HEX = RawText.ascii("0123456789abcdef");
  private static final byte[] INVALID = RawText.ascii("\\ufffd");

  /// For an ASCII byte: 0 if written as it is, else the letter of its short escape, or 'u' for four
  /// hex digits.
  private static final byte[] ESCAPE = escapes();

  private byte[] buffer = new byte[INITIAL_BYTES];
  private int size;

  private static byte[] escapes() {
    byte[] table = new byte[128];
    Arrays.fill(table, 0, 0x20, (byte) 'u');
    table['<'] = 'u';
    table['>'] = 'u';
    table['&'] = 'u';
    table['"'] = '"';
    table['\\'] = '\\';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    return table;
  }

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  /// Hands the bytes on and forgets them.
  void drainTo(OutputStream out) throws IOException {
    out.write(buffer, 0, size);
    size = 0;
  }

  /// Appends an ASCII character.
  void append(char c) {
    need(1);
    buffer[size++] = (byte) c;
  }

  /// Appends blanks.
  void blanks(int count) {
    need(count);
    Arrays.fill(buffer, size, size + count, (byte) ' ');
    size += count;
  }

  /// Appends a time with its quotes.
  void time(long epochNanos) {
    need(GoTime.MAX_UTC_LENGTH + 2);
    buffer[size++] = '"';
    size = GoTime.format(epochNanos, buffer, size);
    buffer[size++] = '"';
  }

  /// Appends a string with its quotes.
  void string(String text) {
    int length = text.length();
    need(1);
    buffer[size++] = '"';
    int at = 0;
    while (at < length) {
      int end = Math.min(length, at + BLOCK);
      need((end - at + 1) * WORST_PER_CHAR);
      while (at < end) {
        char c = text.charAt(at++);
        if (c < 0x80) {
          ascii((byte) c);
        } else {
          at += wide(text, c, at);
        }
      }
    }
    need(1);
    buffer[size++] = '"';
  }

  /// Writes a character outside ASCII; room is there. Returns how many further chars of `text` it
  /// took.
  private int wide(String text, char c, int next) {
    if (c < 0x800) {
      buffer[size++] = (byte) (0xc0 | (c >> 6));
      buffer[size++] = (byte) (0x80 | (c & 0x3f));
      return 0;
    }
    if (Character.isSurrogate(c)) {
      if (!Character.isHighSurrogate(c)
          || next == text.length()
          || !Character.isLowSurrogate(text.charAt(next))) {
        append(INVALID);
        return 0;
      }
      int point = Character.toCodePoint(c, text.charAt(next));
      buffer[size++] = (byte) (0xf0 | (point >> 18));
      buffer[size++] = (byte) (0x80 | ((point >> 12) & 0x3f));
      buffer[size++] = (byte) (0x80 | ((point >> 6) & 0x3f));
      buffer[size++] = (byte) (0x80 | (point & 0x3f));
      return 1;
    }
    if (c == 0x2028 || c == 0x2029) {
      lineSeparator(c);
      return 0;
    }
    buffer[size++] = (byte) (0xe0 | (c >> 12));
    buffer[size++] = (byte) (0x80 | ((c >> 6) & 0x3f));
    buffer[size++] = (byte) (0x80 | (c & 0x3f));
    return 0;
  }

  /// Appends a string given as bytes, with its quotes.
  void utf8(byte[] bytes, int offset, int length) {
    int end = offset + length;
    need(1);
    buffer[size++] = '"';
    int at = offset;
    while (at < end) {
      int stop = Math.min(end, at + BLOCK);
      need((stop - at + 3) * WORST_PER_CHAR);
      while (at < stop) {
        byte b = bytes[at];
        if (b >= 0) {
          ascii(b);
          at++;
          continue;
        }
        int width = RawText.sequenceLength(bytes, at, end);
        if (width == 0) {
          append(INVALID);
          at++;
        } else if (width == 3 && b == (byte) 0xe2 && isLineSeparator(bytes, at)) {
          lineSeparator((char) (0x2000 | (bytes[at + 2] & 0x3f)));
          at += 3;
        } else {
          System.arraycopy(bytes, at, buffer, size, width);
          size += width;
          at += width;
        }
      }
    }
    need(1);
    buffer[size++] = '"';
  }

  static boolean isLineSeparator(byte[] bytes, int at) {
    return bytes[at + 1] == (byte) 0x80
        && (bytes[at + 2] == (byte) 0xa8 || bytes[at + 2] == (byte) 0xa9);
  }

  /// Writes an ASCII character of a string; room is there.
  private void ascii(byte b) {
    byte escape = ESCAPE[b];
    if (escape == 0) {
      buffer[size++] = b;
      return;
    }
    buffer[size++] = '\\';
    buffer[size++] = escape;
    if (escape == 'u') {
      buffer[size++] = '0';
      buffer[size++] = '0';
      buffer[size++] = HEX[b >> 4];
      buffer[size++] = HEX[b & 15];
    }
  }

  private void lineSeparator(char c) {
    append(INVALID);
    buffer[size - 4] = '2';
    buffer[size - 3] = '0';
    buffer[size - 2] = '2';
    buffer[size - 1] = HEX[c & 15];
  }

  /// Appends an integer.
  void digits(long value) {
    need(20);
    if (value == Long.MIN_VALUE) {
      append(RawText.ascii(Long.toString(value)));
      return;
    }
    long rest = Math.abs(value);
    if (value < 0) {
      buffer[size++] = '-';
    }
    int length = 1;
    for (long power = rest; power >= 10; power /= 10) {
      length++;
    }
    for (int i = size + length - 1; i >= size; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += length;
  }

  /// The text of a finite number.
  static String number(double value) {
    double magnitude = Math.abs(value);
    if (magnitude == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (magnitude >= 1e-6 && magnitude < 1e21) {
      return decimal.toPlainString();
    }
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }

  /// Appends bytes as they are.
  void append(byte[] bytes) {
    need(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
  }

  private void need(int bytes) {
    if (buffer.length - size < bytes) {
      long wanted = Math.max((long) size + bytes, buffer.length * 2L);
      if (wanted > Integer.MAX_VALUE - 8) {
        if ((long) size + bytes > Integer.MAX_VALUE - 8) {
          throw new IllegalStateException("JSON of more than 2 GiB without draining");
        }
        wanted = Integer.MAX_VALUE - 8;
      }
      buffer = Arrays.copyOf(buffer, (int) wanted);
    }
  }
}
