package dev.longshore.bench.algorithm;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.HashAlgorithm;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Hashing and then sealing blocks of zeros, one at a time: every pair of hash and cipher.
public final class CryptoBenchmark {
  private CryptoBenchmark() {}

  /// The speed of a pair.
  public record Result(HashAlgorithm hash, CipherAlgorithm cipher, Timing timing) {}

  /// Runs all pairs.
  ///
  /// @param nonces where nonces come from
  /// @param progress told what is about to run
  public static List<Result> run(
      Effort effort, int blockBytes, SecureRandom nonces, Consumer<String> progress)
      throws InterruptedException {
    List<Result> results = new ArrayList<>();
    for (HashAlgorithm hash : HashAlgorithm.values()) {
      for (CipherAlgorithm algorithm : CipherAlgorithm.values()) {
        progress.accept(
            "Benchmarking hash '%s' and encryption '%s'... (%d x %d bytes, parallelism %d)"
                .formatted(
                    hash.wireName(),
                    algorithm.wireName(),
                    effort.repeats(),
                    blockBytes,
                    effort.threads()));
        ContentHasher hasher = HashingBenchmark.hasher(hash);
        ContentCipher cipher = EncryptionBenchmark.cipher(algorithm, nonces);
        Timing timing =
            Stopwatch.time(effort, () -> operation(hasher, cipher, blockBytes), blockBytes);
        results.add(new Result(hash, algorithm, timing));
      }
    }
    return results;
  }

  private static Stopwatch.Operation operation(
      ContentHasher hasher, ContentCipher cipher, int blockBytes) {
    byte[] plain = new byte[blockBytes];
    byte[] id = new byte[hasher.sizeBytes()];
    byte[] sealed = new byte[blockBytes + ContentCipher.OVERHEAD_BYTES];
    return () -> {
      hasher.hash(plain, 0, blockBytes, id, 0);
      cipher.seal(plain, 0, blockBytes, id, sealed, 0);
    };
  }
}
