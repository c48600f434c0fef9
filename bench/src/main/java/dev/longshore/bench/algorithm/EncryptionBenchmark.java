package dev.longshore.bench.algorithm;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.ContentCiphers;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Sealing of blocks of zeros.
public final class EncryptionBenchmark {
  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 32;

  private EncryptionBenchmark() {}

  /// The speed of a cipher.
  public record Result(CipherAlgorithm cipher, Timing timing) {}

  /// Runs all ciphers.
  ///
  /// @param nonces where nonces come from
  /// @param progress told what is about to run
  public static List<Result> run(
      Effort effort, int blockBytes, SecureRandom nonces, Consumer<String> progress)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    for (CipherAlgorithm algorithm : CipherAlgorithm.values()) {
      progress.accept(
          "Benchmarking encryption '%s'... (%d x %d bytes, parallelism %d)"
              .formatted(algorithm.wireName(), effort.repeats(), blockBytes, effort.threads()));
      ContentCipher cipher = cipher(algorithm, nonces);
      Timing timing = Stopwatch.time(effort, () -> operation(cipher, blockBytes), blockBytes);
      results.add(new Result(algorithm, timing));
    }
    return results;
  }

  static ContentCipher cipher(CipherAlgorithm algorithm, SecureRandom nonces) {
    return ContentCiphers.create(algorithm, new byte[KEY_BYTES], nonces);
  }

  private static Stopwatch.Operation operation(ContentCipher cipher, int blockBytes) {
    byte[] plain = new byte[blockBytes];
    byte[] iv = new byte[IV_BYTES];
    byte[] sealed = new byte[blockBytes + ContentCipher.OVERHEAD_BYTES];
    return () -> cipher.seal(plain, 0, blockBytes, iv, sealed, 0);
  }
}
