package dev.longshore.crypto.hash;

import dev.longshore.crypto.lane.Lanes;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An HMAC of the JDK, cut to its first bytes: the JDK has intrinsics for SHA-2 and SHA-3.
final class HmacHasher implements ContentHasher {
  private final Lanes<Mac> lanes;
  private final int sizeBytes;

  HmacHasher(String jcaName, byte[] key, int sizeBytes) {
    SecretKeySpec keySpec = new SecretKeySpec(key, jcaName);
    this.lanes = new Lanes<>(() -> keyedMac(jcaName, keySpec));
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
    Mac mac = lanes.take();
    mac.update(data, offset, length);
    byte[] full = mac.doFinal();
    lanes.give(mac);
    System.arraycopy(full, 0, out, outOffset, sizeBytes);
  }

  private static Mac keyedMac(String jcaName, SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(jcaName);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + jcaName, e);
    }
  }
}
