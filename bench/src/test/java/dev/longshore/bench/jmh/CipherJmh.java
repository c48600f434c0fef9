package dev.longshore.bench.jmh;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.ContentCiphers;
import dev.longshore.crypto.cipher.UnauthenticException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Sealing and opening contents of a mebibyte.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CipherJmh {
  /// Which cipher.
  @Param({"AES256-GCM-HMAC-SHA256", "CHACHA20-POLY1305-HMAC-SHA256"})
  public String algorithm = "";

  private final byte[] iv = Data.random(16);
  private ContentCipher cipher =
      ContentCiphers.create(
          CipherAlgorithm.AES256_GCM_HMAC_SHA256, new byte[32], new SecureRandom());
  private byte[] plain = {};
  private byte[] sealed = {};
  private byte[] out = {};

  /// Makes the contents.
  @Setup
  public void prepare() {
    cipher =
        ContentCiphers.create(
            CipherAlgorithm.byName(algorithm).orElseThrow(), new byte[32], new SecureRandom());
    plain = Data.random(Data.MIB);
    sealed = cipher.seal(plain, iv);
    out = new byte[sealed.length];
  }

  /// Seals a content.
  @Benchmark
  public byte[] seal() {
    cipher.seal(plain, 0, plain.length, iv, out, 0);
    return out;
  }

  /// Opens a content.
  @Benchmark
  public byte[] open() throws UnauthenticException {
    cipher.open(sealed, 0, sealed.length, iv, out, 0);
    return out;
  }
}
