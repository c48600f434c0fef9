package dev.longshore.format.json;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Writes JSON with exactly the bytes Go's `encoding/json` writes, because objects are named by the
/// hash of their bytes: a directory that differs in one escape no longer deduplicates against
/// Kopia's.
///
/// The bytes collect in a growing array. Small documents end with [#toByteArray]; long ones are
/// handed on in pieces with [#drainTo] whenever [#size] has grown enough. Commas, colons and (in
/// the indented form) line breaks are the writer's business; the caller gives names and values in
/// order.
///
/// Strings: `<`, `>`, `&`, U+2028 and U+2029 become six-character escapes with lower-case hex, as
/// do control characters without a short escape; `\b \f \n \r \t \" \\` are short; everything else
/// is raw UTF-8. A byte that is not UTF-8, or a lone surrogate (see [RawText]), is written as the
/// escape of U+FFFD.
///
/// Not thread-safe. Source: kopia 4ebb2be6c writes with Go 1.25 `encoding/json`; checked against
/// `golden-dir-edgecases.json`.
public final class GoJsonWriter {
  private static final int INITIAL_BYTES = 512;
  private static final int BLOCK = 256;
  private static final int WORST_PER_CHAR = 6;
  private static final byte[] HEX = RawText.ascii("0123456789abcdef");
  private static final byte[] INVALID = RawText.ascii("\\ufffd");
  private static final byte[] TRUE = RawText.ascii("true");
  private static final byte[] FALSE = RawText.ascii("false");
  private static final byte[] NULL = RawText.ascii("null");

  /// For an ASCII byte: 0 if written as it is, else the letter of its short escape, or 'u' for four
  /// hex digits.
  private static final byte[] ESCAPE = escapes();

  private final boolean indented;
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int size;
  private int depth;
  // The next value or name is the first of its container, and follows a name, respectively.
  private boolean first = true;
  private boolean afterName;

  /// A writer of the compact form: no white space at all.
  public GoJsonWriter() {
    this(false);
  }

  private GoJsonWriter(boolean indented) {
    this.indented = indented;
  }

  /// A writer of the indented form: two blanks a level, as Go's `SetIndent("", " ")` gives.
  public static GoJsonWriter indented() {
    return new GoJsonWriter(true);
  }

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

  /// Starts an object.
  public GoJsonWriter beginObject() {
    return begin('{');
  }

  /// Ends the innermost object.
  public GoJsonWriter endObject() {
    return end('}');
  }

  /// Starts an array.
  public GoJsonWriter beginArray() {
    return begin('[');
  }

  /// Ends the innermost array.
  public GoJsonWriter endArray() {
    return end(']');
  }

  /// Writes the name of the next value. Names are escaped as strings are.
  public GoJsonWriter name(String name) {
    separate();
    string(name);
    need(2);
    buffer[size++] = ':';
    if (indented) {
      buffer[size++] = ' ';
    }
    afterName = true;
    return this;
  }

  /// Writes a string.
  public GoJsonWriter value(String value) {
    separate();
    string(value);
    return this;
  }

  /// Writes a string given as bytes, in UTF-8 but for what is invalid; the bytes are only read.
  public GoJsonWriter value(byte[] utf8, int offset, int length) {
    separate();
    utf8(utf8, offset, length);
    return this;
  }

  /// Writes an integer.
  public GoJsonWriter value(long value) {
    separate();
    digits(value);
    return this;
  }

  /// Writes a truth value.
  public GoJsonWriter value(boolean value) {
    separate();
    append(value ? TRUE : FALSE);
    return this;
  }

  /// Writes a number as Go does: the shortest digits, an exponent below 1e-6 and from 1e21.
  ///
  /// @throws IllegalArgumentException for a value JSON cannot hold
  public GoJsonWriter value(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no " + value);
    }
    separate();
    append(RawText.ascii(goNumber(value)));
    return this;
  }

  /// Writes `null`.
  public GoJsonWriter nullValue() {
    separate();
    append(NULL);
    return this;
  }

  /// Writes a time as a string: UTC, fraction without trailing zeros.
  ///
  /// @param epochNanos nanoseconds since 1970, negative before
  public GoJsonWriter time(long epochNanos) {
    separate();
    need(GoTime.MAX_UTC_LENGTH + 2);
    buffer[size++] = '"';
    size = GoTime.format(epochNanos, buffer, size);
    buffer[size++] = '"';
    return this;
  }

  /// Writes bytes as a string of standard base64 with padding, Go's form of a `[]byte`.
  public GoJsonWriter base64(byte[] bytes) {
    separate();
    byte[] text = Base64.getEncoder().encode(bytes);
    need(text.length + 2);
    buffer[size++] = '"';
    append(text);
    buffer[size++] = '"';
    return this;
  }

  /// Writes a value that already is JSON, compacted and with the escapes Go applies to a
  /// `RawMessage`.
  ///
  /// @param json one well-formed value; the caller vouches for it
  public GoJsonWriter raw(byte[] json) {
    separate();
    if (indented) {
      append(JsonText.indent(json, "  ".repeat(depth)));
    } else {
      append(JsonText.compact(json));
    }
    return this;
  }

  /// Writes a name and a string.
  public GoJsonWriter field(String name, String value) {
    return name(name).value(value);
  }

  /// Writes a name and an integer.
  public GoJsonWriter field(String name, long value) {
    return name(name).value(value);
  }

  /// Writes a name and a truth value.
  public GoJsonWriter field(String name, boolean value) {
    return name(name).value(value);
  }

  /// As [#field(String, String)], but nothing for an empty string (Go's `omitempty`).
  public GoJsonWriter fieldUnlessEmpty(String name, String value) {
    return value.isEmpty() ? this : field(name, value);
  }

  /// As [#field(String, long)], but nothing for 0.
  public GoJsonWriter fieldUnlessZero(String name, long value) {
    return value == 0 ? this : field(name, value);
  }

  /// As [#field(String, boolean)], but nothing for false.
  public GoJsonWriter fieldIfTrue(String name, boolean value) {
    return value ? field(name, true) : this;
  }

  /// Writes a name and an array of strings, nothing if there are none.
  public GoJsonWriter fieldUnlessEmpty(String name, Iterable<String> values) {
    if (!values.iterator().hasNext()) {
      return this;
    }
    name(name).beginArray();
    for (String value : values) {
      value(value);
    }
    return endArray();
  }

  /// Writes a name and an integer, nothing for null (a Go pointer with `omitempty`: 0 is written).
  public GoJsonWriter fieldUnlessNull(String name, @Nullable Long value) {
    return value == null ? this : field(name, value.longValue());
  }

  /// As [#fieldUnlessNull(String, Long)], for a truth value.
  public GoJsonWriter fieldUnlessNull(String name, @Nullable Boolean value) {
    return value == null ? this : field(name, value.booleanValue());
  }

  /// Writes the line feed Go's `Encoder` puts after a document.
  public GoJsonWriter newline() {
    need(1);
    buffer[size++] = '\n';
    return this;
  }

  /// The number of bytes waiting.
  public int size() {
    return size;
  }

  /// A copy of the bytes waiting; they stay.
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  /// Hands the bytes waiting to `out` and forgets them; the document goes on.
  public void drainTo(OutputStream out) throws IOException {
    out.write(buffer, 0, size);
    size = 0;
  }

  private GoJsonWriter begin(char bracket) {
    separate();
    need(1);
    buffer[size++] = (byte) bracket;
    depth++;
    first = true;
    return this;
  }

  private GoJsonWriter end(char bracket) {
    if (depth == 0 || afterName) {
      throw new IllegalStateException("unbalanced JSON");
    }
    depth--;
    if (indented && !first) {
      lineBreak();
    }
    need(1);
    buffer[size++] = (byte) bracket;
    first = false;
    return this;
  }

  private void separate() {
    if (afterName) {
      afterName = false;
      return;
    }
    if (!first) {
      need(1);
      buffer[size++] = ',';
    }
    if (indented && depth > 0) {
      lineBreak();
    }
    first = false;
  }

  private void lineBreak() {
    need(1 + 2 * depth);
    buffer[size++] = '\n';
    Arrays.fill(buffer, size, size + 2 * depth, (byte) ' ');
    size += 2 * depth;
  }

  private void string(String text) {
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

  private void utf8(byte[] bytes, int offset, int length) {
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

  private void digits(long value) {
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

  private static String goNumber(double value) {
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

  private void append(byte[] bytes) {
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
