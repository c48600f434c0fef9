package dev.longshore.format.json;

import com.sun.management.ThreadMXBean;
import dev.longshore.format.error.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Feeds a decoder of JSON with damaged copies of valid documents: changed bytes, missing and
/// doubled pieces, and pieces of JSON where they do not belong.
///
/// A decoder may fail with [FormatException] only; it may not hang, nor allocate out of proportion.
/// Runs some thousand documents, or for `-Dlongshore.fuzz.seconds=N`.
public final class JsonFuzz {
  private static final int SHORT_RUN = 1500;
  private static final long ALLOWED_BYTES = 8L << 20;
  private static final long ALLOWED_PER_BYTE = 1200;
  private static final String[] PIECES = {
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-1",
    "1e3",
    "0.5",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "99999999999999999999999",
    "\"\\ud800\"",
    "\"x\"",
    "{\"a\":[]}",
    "[[",
    "]",
    "}",
    ",",
    ":",
    "\"",
    "\\u0000",
    "\u0000",
    "{\"s\":1}",
    "\"2023-11-14T22:13:20Z\"",
    "\"9999-12-31T23:59:59-23:59\"",
    "\"-1\"",
    "\"0x7fffffff\"",
    " "
  };

  /// What is tried.
  @FunctionalInterface
  public interface Decoder {
    /// Decodes, and uses what was decoded.
    void decode(byte[] bytes) throws IOException;
  }

  private JsonFuzz() {}

  /// Tries `decoder`; the samples themselves must decode.
  public static void run(long seed, List<byte[]> samples, Decoder decoder) throws IOException {
    for (byte[] sample : samples) {
      decoder.decode(sample);
    }
    int seconds = Integer.getInteger("longshore.fuzz.seconds", 0);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    for (long i = 0; seconds > 0 ? System.nanoTime() < end : i < SHORT_RUN; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      byte[] input = samples.get(random.nextInt(samples.size()));
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        input = damage(input, random);
      }
      attempt(decoder, input, "seed " + seed + ", run " + i);
    }
  }

  private static void attempt(Decoder decoder, byte[] input, String which) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    try {
      decoder.decode(input);
    } catch (FormatException expected) {
      // what a decoder is to say of bad bytes
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError(which + ": " + Upper.text(input), e);
    }
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    if (allocated > ALLOWED_BYTES + ALLOWED_PER_BYTE * input.length) {
      throw new AssertionError(which + " allocated " + allocated + ": " + Upper.text(input));
    }
  }

  private static byte[] damage(byte[] input, Random random) {
    if (input.length == 0) {
      return new byte[] {'{'};
    }
    int from = random.nextInt(input.length);
    int to = Math.min(input.length, from + random.nextInt(12));
    byte[] piece =
        switch (random.nextInt(4)) {
          case 0 -> new byte[] {(byte) random.nextInt()};
          case 1 -> new byte[0];
          case 2 -> Arrays.copyOfRange(input, from, Math.min(input.length, from + 30));
          default -> PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
        };
    if (random.nextInt(3) == 0) {
      // In place of a whole value.
      from = startOfValue(input, from);
      to = endOfValue(input, from);
    }
    byte[] result = new byte[from + piece.length + input.length - to];
    System.arraycopy(input, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(input, to, result, from + piece.length, input.length - to);
    return result;
  }

  private static int startOfValue(byte[] input, int from) {
    int at = from;
    while (at > 0 && input[at - 1] != ':') {
      at--;
    }
    return at;
  }

  private static int endOfValue(byte[] input, int from) {
    int at = from;
    while (at < input.length && input[at] != ',' && input[at] != '}' && input[at] != ']') {
      at++;
    }
    return at;
  }
}
