package dev.longshore.bench.jmh;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.ContentCiphers;
import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import dev.longshore.format.seal.SealedLocalIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Building a pack of 16 MiB: hashing, sealing, the local index.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PackJmh {
  private static final int MEBIBYTES = 16;
  private static final BlobId PACK = new BlobId("p%032x-s%016x".formatted(1, 1));

  /// The length of each content.
  @Param({"4096", "1048576"})
  public int contentBytes = 4096;

  private final ContentHasher hasher =
      ContentHashers.keyed(HashAlgorithm.BLAKE2B_256_128, new byte[32]);
  private final ContentCipher cipher =
      ContentCiphers.create(
          CipherAlgorithm.AES256_GCM_HMAC_SHA256, new byte[32], new SecureRandom());
  private final byte[] buffer = new byte[(MEBIBYTES + 1) * Data.MIB];
  private byte[] data = {};

  /// Makes the contents.
  @Setup
  public void prepare() {
    data = Data.random(MEBIBYTES * Data.MIB);
  }

  /// Builds the pack.
  @Benchmark
  @OperationsPerInvocation(MEBIBYTES)
  public byte[] build() throws IOException {
    PackLayout pack = new PackLayout(new byte[0], new SplittableRandom(1));
    ByteBuffer bytes = ByteBuffer.wrap(buffer).put(pack.start());
    IndexBuilder index = new IndexBuilder();
    byte[] hash = new byte[hasher.sizeBytes()];
    for (int at = 0; at < data.length; at += contentBytes) {
      hasher.hash(data, at, contentBytes, hash, 0);
      int length = contentBytes + ContentCipher.OVERHEAD_BYTES;
      int offset = pack.reserve(length);
      cipher.seal(data, at, contentBytes, hash, bytes::put);
      index.add(
          new IndexEntry(
              ContentId.of(ContentId.NO_PREFIX, hash),
              PACK,
              offset,
              length,
              contentBytes,
              0,
              false,
              1_700_000_000L,
              2,
              0));
    }
    byte[] local = cipher.seal(index.build(2, null), hash);
    return bytes.put(pack.end(new SealedLocalIndex(hash, local))).array();
  }
}
