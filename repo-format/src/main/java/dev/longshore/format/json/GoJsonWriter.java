package dev.longshore.format.json;

import java.io.IOException;
import java.io.OutputStream;
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
/// what it writes.
public final class GoJsonWriter {
  private static final byte[] TRUE = RawText.ascii("true");
  private static final byte[] FALSE = RawText.ascii("false");
  private static final byte[] NULL = RawText.ascii("null");

  private final boolean indented;
  private final JsonBuffer buffer = new JsonBuffer();
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

  /// A writer of the indented form: two blanks a level.
  public static GoJsonWriter indented() {
    return new GoJsonWriter(true);
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
    buffer.string(name);
    buffer.append(':');
    if (indented) {
      buffer.append(' ');
    }
    afterName = true;
    return this;
  }

  /// Writes a string.
  public GoJsonWriter value(String value) {
    separate();
    buffer.string(value);
    return this;
  }

  /// Writes a string given as bytes, in UTF-8 but for what is invalid; the bytes are only read.
  public GoJsonWriter value(byte[] utf8, int offset, int length) {
    separate();
    buffer.utf8(utf8, offset, length);
    return this;
  }

  /// Writes an integer.
  public GoJsonWriter value(long value) {
    separate();
    buffer.digits(value);
    return this;
  }

  /// Writes a truth value.
  public GoJsonWriter value(boolean value) {
    separate();
    buffer.append(value ? TRUE : FALSE);
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
    buffer.append(RawText.ascii(JsonBuffer.number(value)));
    return this;
  }

  /// Writes `null`.
  public GoJsonWriter nullValue() {
    separate();
    buffer.append(NULL);
    return this;
  }

  /// Writes a time as a string: UTC, fraction without trailing zeros.
  ///
  /// @param epochNanos nanoseconds since 1970, negative before
  public GoJsonWriter time(long epochNanos) {
    separate();
    buffer.time(epochNanos);
    return this;
  }

  /// Writes bytes as a string of standard base64 with padding, Go's form of a `[]byte`.
  public GoJsonWriter base64(byte[] bytes) {
    separate();
    byte[] text = Base64.getEncoder().encode(bytes);
    buffer.append('"');
    buffer.append(text);
    buffer.append('"');
    return this;
  }

  /// Writes a value that already is JSON, compacted and with the escapes Go applies to a
  /// `RawMessage`.
  ///
  /// @param json one well-formed value; the caller vouches for it
  public GoJsonWriter raw(byte[] json) {
    separate();
    if (indented) {
      buffer.append(JsonText.indent(json, "  ".repeat(depth)));
    } else {
      buffer.append(JsonText.compact(json));
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
    buffer.append('\n');
    return this;
  }

  /// The number of bytes waiting.
  public int size() {
    return buffer.size();
  }

  /// A copy of the bytes waiting; they stay.
  public byte[] toByteArray() {
    return buffer.toByteArray();
  }

  /// Hands the bytes waiting to `out` and forgets them; the document goes on.
  public void drainTo(OutputStream out) throws IOException {
    buffer.drainTo(out);
  }

  private GoJsonWriter begin(char bracket) {
    separate();
    buffer.append(bracket);
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
    buffer.append(bracket);
    first = false;
    return this;
  }

  private void separate() {
    if (afterName) {
      afterName = false;
      return;
    }
    if (!first) {
      buffer.append(',');
    }
    if (indented && depth > 0) {
      lineBreak();
    }
    first = false;
  }

  private void lineBreak() {
    buffer.append('\n');
    buffer.blanks(2 * depth);
  }
}
