package dev.longshore.crypto.hash;

import dev.longshore.crypto.lane.Lanes;
import java.util.Objects;
import java.util.function.Supplier;
import org.bouncycastle.crypto.Digest;

/// A hash made of a keyed digest, cut to its first bytes.
final class DigestHasher implements ContentHasher {
  private final Lanes<Digest> lanes;
  private final int sizeBytes;

  DigestHasher(Supplier<Digest> digests, int sizeBytes) {
    this.lanes = new Lanes<>(digests);
    this.sizeBytes = sizeBytes;
  }

  @Override
  public int sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void hash(byte[] data, int offset, int length, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(offset, length, data.length);
    Objects.checkFromIndexSize(outOffset, sizeBytes, out.length);
    Digest digest = lanes.take();
    digest.update(data, offset, length);
    byte[] full = new byte[digest.getDigestSize()];
    digest.doFinal(full, 0);
    lanes.give(digest);
    System.arraycopy(full, 0, out, outOffset, sizeBytes);
  }
}
