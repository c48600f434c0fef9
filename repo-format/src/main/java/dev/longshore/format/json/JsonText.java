package dev.longshore.format.json;

import java.io.ByteArrayOutputStream;

/// Rearranges the white space of JSON without changing values or their order.
///
/// Both directions only look at brackets, commas, colons and quotes; whoever passes bytes from
/// outside checks them first with [JsonInput#checkWellFormed].
public final class JsonText {
  private JsonText() {}

  /// Spreads JSON over lines, two blanks a level, as Go's `json.Indent` does; white space around
  /// the value is dropped.
  public static byte[] indent(byte[] json) {
    return indent(json, "");
  }

  /// As [#indent(byte[])], with every line but the first led by `prefix`.
  public static byte[] indent(byte[] json, String prefix) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length * 2);
    int depth = 0;
    boolean open = false;
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      if (isSpace(b)) {
        continue;
      }
      boolean closing = b == '}' || b == ']';
      if (open && !closing) {
        depth++;
        lineBreak(out, prefix, depth);
      }
      if (closing && !open) {
        depth = Math.max(0, depth - 1);
        lineBreak(out, prefix, depth);
      }
      open = b == '{' || b == '[';
      if (b == '"') {
        int end = stringEnd(json, i);
        out.write(json, i, end - i);
        i = end - 1;
      } else {
        out.write(b);
      }
      if (b == ',') {
        lineBreak(out, prefix, depth);
      } else if (b == ':') {
        out.write(' ');
      }
    }
    return out.toByteArray();
  }

  /// Removes white space between values, and escapes `<`, `>`, `&`, U+2028 and U+2029, as Go does
  /// with a `RawMessage`.
  public static byte[] compact(byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
    boolean inString = false;
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      if (!inString && isSpace(b)) {
        continue;
      }
      if (b == '<' || b == '>' || b == '&') {
        out.writeBytes(RawText.ascii("\\u00" + Integer.toHexString(b)));
      } else if (b == (byte) 0xe2 && json.length - i > 2 && JsonBuffer.isLineSeparator(json, i)) {
        out.writeBytes(RawText.ascii("\\u202" + Integer.toHexString(json[i + 2] & 15)));
        i += 2;
      } else {
        out.write(b);
        if (inString && b == '\\' && i + 1 < json.length) {
          out.write(json[++i]);
        } else if (b == '"') {
          inString = !inString;
        }
      }
    }
    return out.toByteArray();
  }

  private static int stringEnd(byte[] json, int start) {
    int i = start + 1;
    while (i < json.length && json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return Math.min(json.length, i + 1);
  }

  private static void lineBreak(ByteArrayOutputStream out, String prefix, int depth) {
    out.write('\n');
    out.writeBytes(RawText.ascii(prefix + "  ".repeat(depth)));
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
