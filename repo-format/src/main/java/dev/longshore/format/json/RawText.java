package dev.longshore.format.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// File names and other byte strings as Java strings, without loss.
///
/// A name on Linux is bytes, mostly UTF-8. [#decode] turns each byte that is not part of valid
/// UTF-8 into the lone surrogate U+DC80..U+DCFF (byte + 0xDC00); valid UTF-8 never yields one, so
/// [#encode] restores the exact bytes. [GoJsonWriter] writes such a surrogate as the escape of
/// U+FFFD, which is what Go makes of the byte.
public final class RawText {
  private static final int ESCAPE_BASE = 0xdc00;

  private RawText() {}

  /// Reads bytes; never fails.
  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /// As [#decode(byte[])], for a part of an array.
  public static String decode(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int width = bytes[at] >= 0 ? 1 : sequenceLength(bytes, at, end);
      if (width == 0) {
        return decodeInvalid(bytes, offset, end);
      }
      at += width;
    }
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  private static String decodeInvalid(byte[] bytes, int offset, int end) {
    StringBuilder text = new StringBuilder(end - offset);
    int run = offset;
    int at = offset;
    while (at < end) {
      int width = sequenceLength(bytes, at, end);
      if (width == 0) {
        text.append(new String(bytes, run, at - run, StandardCharsets.UTF_8));
        text.append((char) (ESCAPE_BASE + (bytes[at] & 0xff)));
        run = at + 1;
      }
      at += Math.max(1, width);
    }
    return text.append(new String(bytes, run, end - run, StandardCharsets.UTF_8)).toString();
  }

  /// The bytes of a string made by [#decode], or of any other. A lone surrogate that no byte could
  /// have caused becomes the UTF-8 of U+FFFD.
  public static byte[] encode(String text) {
    int escapes = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        escapes++;
      }
    }
    if (escapes == 0) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    byte[] bytes = new byte[text.length() * 3];
    int size = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (point >= ESCAPE_BASE + 0x80 && point <= ESCAPE_BASE + 0xff) {
        bytes[size++] = (byte) point;
      } else {
        int shown = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
        byte[] encoded = Character.toString(shown).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
      }
    }
    return Arrays.copyOf(bytes, size);
  }

  /// Tells whether all bytes of a string made by [#decode] were valid UTF-8.
  public static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /// Compares as the unsigned bytes of [#encode] do, which is Kopia's order of names.
  ///
  /// `String.compareTo` differs: it puts characters beyond U+FFFF before U+E000..U+FFFF.
  public static int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        if (a < 0xd800 && b < 0xd800) {
          return a - b;
        }
        return Arrays.compareUnsigned(encode(left), encode(right));
      }
    }
    return left.length() - right.length();
  }

  /// The form to show or to store where only text is possible: U+FFFD for each invalid byte.
  public static String display(String text) {
    return new String(Arrays.copyOf(toDisplay(text), text.length()), 0, text.length());
  }

  private static char[] toDisplay(String text) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isHighSurrogate(chars[i])
          && i + 1 < chars.length
          && Character.isLowSurrogate(chars[i + 1])) {
        i++;
      } else if (Character.isSurrogate(chars[i])) {
        chars[i] = 0xfffd;
      }
    }
    return chars;
  }

  /// The length of the UTF-8 sequence at `at`, 0 if there is no valid one: no overlong form, no
  /// surrogate, nothing above U+10FFFF, as in Go.
  static int sequenceLength(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xff;
    if (lead < 0x80) {
      return 1;
    }
    int width = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (width == 0 || end - at < width) {
      return 0;
    }
    int second = bytes[at + 1] & 0xff;
    int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < width; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return width;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
