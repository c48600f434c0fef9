package dev.longshore.format.compress;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Plain bytes of several kinds.
final class Plain {
  private static final String[] WORDS = {
    "snapshot",
    "of",
    "the",
    "volume",
    "is",
    "a",
    "tree",
    "contents",
    "blob",
    "index",
    "epoch",
    "and",
    "restore",
    "to",
    "hole",
    "manifest",
    "in",
    "pack",
    "with",
    "policy"
  };

  private Plain() {}

  static byte[] noise(long seed, int length) {
    byte[] data = new byte[length];
    new SplittableRandom(seed).nextBytes(data);
    return data;
  }

  static byte[] text(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(9) == 0 ? ".\n" : " ");
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), length);
  }

  /// Fields of fixed width with few changes from one record to the next, as in a database.
  static byte[] records(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] data = new byte[length];
    byte[] record = noise(seed, 48);
    for (int at = 0; at < length; at += record.length) {
      record[random.nextInt(record.length)]++;
      System.arraycopy(record, 0, data, at, Math.min(record.length, length - at));
    }
    return data;
  }

  /// Noise, holes, text, and all of it again from far away.
  static byte[] mixed() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] noise = noise(1, 400);
    data.writeBytes(noise);
    data.writeBytes(text(2, 3000));
    data.writeBytes(new byte[70_000]);
    data.writeBytes(noise);
    data.writeBytes(records(3, 5000));
    data.writeBytes(text(2, 3000));
    data.writeBytes(Arrays.copyOf(noise, 12));
    data.writeBytes(noise(4, 100));
    data.writeBytes(Arrays.copyOf(noise, 300));
    return data.toByteArray();
  }
}
