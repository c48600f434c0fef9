package dev.longshore.format.fuzz;

import com.sun.management.ThreadMXBean;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.format.error.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Feeds a decoder with damaged copies of valid samples.
///
/// A decoder may fail with the errors made for bad bytes and with nothing else; it may not take
/// long, nor allocate out of proportion to its input. The failure names the seed and shows the
/// bytes. Runs a few thousand inputs, or for `-Dlongshore.fuzz.seconds=N`.
public final class Fuzz {
  private static final int SHORT_RUN = 4000;
  private static final long ALLOWED_ALLOCATION = 4 << 20;
  private static final long ALLOWED_ALLOCATION_PER_BYTE = 400;
  private static final long ALLOWED_NANOS = 5_000_000_000L;
  private static final int[] EDGES = {
    0, 1, -1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  /// What is tried.
  public interface Decoder {
    /// Decodes, and uses what was decoded.
    void decode(byte[] bytes) throws IOException;
  }

  private Fuzz() {}

  /// Tries `decoder`.
  ///
  /// @param samples valid inputs; not empty
  public static void run(long seed, List<byte[]> samples, Decoder decoder) {
    int seconds = Integer.getInteger("longshore.fuzz.seconds", 0);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    for (byte[] sample : samples) {
      tryOne(decoder, sample, "a valid sample");
    }
    for (long i = 0; seconds > 0 ? System.nanoTime() < end : i < SHORT_RUN; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      byte[] input = samples.get(random.nextInt(samples.size()));
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        input = damage(input, random);
      }
      tryOne(decoder, input, "seed " + seed + ", run " + i);
    }
  }

  private static void tryOne(Decoder decoder, byte[] input, String which) {
    long allowed = ALLOWED_ALLOCATION + ALLOWED_ALLOCATION_PER_BYTE * input.length;
    boolean excessive = isExcessive(decoder, input, which, allowed);
    if (excessive) {
      // The first time may have loaded classes, or waited for the machine.
      excessive = isExcessive(decoder, input, which, allowed);
    }
    if (excessive) {
      throw new AssertionError(which + " took too much time or memory for " + shown(input));
    }
  }

  private static boolean isExcessive(
      Decoder decoder, byte[] input, String which, long allowedBytes) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    try {
      decoder.decode(input);
    } catch (FormatException | UnauthenticException | UnrepairableException expected) {
      // what a decoder is to say of bad bytes
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError(which + " of " + shown(input), e);
    }
    return threads.getCurrentThreadAllocatedBytes() - allocated > allowedBytes
        || System.nanoTime() - start > ALLOWED_NANOS;
  }

  private static String shown(byte[] input) {
    return input.length
        + " bytes: "
        + HexFormat.of().formatHex(Arrays.copyOf(input, Math.min(input.length, 2000)));
  }

  /// One random change.
  public static byte[] damage(byte[] input, Random random) {
    byte[] bytes = input.clone();
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(8)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
      case 3 -> {
        int edge = EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
          bytes[at + i] = (byte) (edge >>> (24 - 8 * i));
        }
      }
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
        for (int i = bytes.length; i < longer.length; i++) {
          longer[i] = (byte) random.nextInt();
        }
        return longer;
      }
      case 6 -> {
        int end = at + 1 + random.nextInt(Math.min(16, bytes.length - at));
        return joined(bytes, at, end);
      }
      default -> {
        int from = random.nextInt(at + 1);
        return joined(bytes, at, from);
      }
    }
    return bytes;
  }

  /// The bytes before `end`, then those from `start` on: a piece is missing, or doubled.
  private static byte[] joined(byte[] bytes, int end, int start) {
    byte[] result = Arrays.copyOf(bytes, end + bytes.length - start);
    System.arraycopy(bytes, start, result, end, bytes.length - start);
    return result;
  }
}
