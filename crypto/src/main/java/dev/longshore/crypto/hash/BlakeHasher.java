package dev.longshore.crypto.hash;

import dev.longshore.crypto.lane.Lanes;
import java.util.Objects;
import java.util.function.Supplier;

/// A hash made of pooled digesters, cut to its first bytes.
final class BlakeHasher implements ContentHasher {
  private final Lanes<Digester> digesters;
  private final int sizeBytes;

  BlakeHasher(Supplier<Digester> digesters, int sizeBytes) {
    this.digesters = new Lanes<>(digesters);
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
    Digester digester = digesters.take();
    digester.hash(data, offset, length, out, outOffset, sizeBytes);
    digesters.give(digester);
  }
}
