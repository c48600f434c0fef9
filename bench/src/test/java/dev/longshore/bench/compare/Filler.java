package dev.longshore.bench.compare;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// Makes bytes of several kinds, the same for the same seed.
final class Filler {
  private static final int WORDS = 4096;

  private final byte[][] words = new byte[WORDS][];
  private final SplittableRandom random;

  Filler(long seed) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < WORDS; i++) {
      byte[] word = new byte[3 + random.nextInt(9)];
      for (int j = 0; j < word.length; j++) {
        word[j] = (byte) ('a' + random.nextInt(26));
      }
      word[word.length - 1] = ' ';
      words[i] = word;
    }
    words[0] = "\n".getBytes(StandardCharsets.US_ASCII);
  }

  SplittableRandom random() {
    return random;
  }

  /// Incompressible.
  void fillRandom(byte[] target, int length) {
    byte[] fresh = new byte[length];
    random.nextBytes(fresh);
    System.arraycopy(fresh, 0, target, 0, length);
  }

  /// Like text: words of a vocabulary, the frequent ones more often; compresses about three to one.
  void fillText(byte[] target, int length) {
    int at = 0;
    while (at < length) {
      long bits = random.nextLong();
      // The smaller of two draws: earlier words come up more often.
      for (int i = 0; i < 2 && at < length; i++, bits >>>= 32) {
        int word = (int) Math.min(bits & (WORDS - 1), bits >>> 12 & (WORDS - 1));
        int copied = Math.min(words[word].length, length - at);
        System.arraycopy(words[word], 0, target, at, copied);
        at += copied;
      }
    }
  }
}
