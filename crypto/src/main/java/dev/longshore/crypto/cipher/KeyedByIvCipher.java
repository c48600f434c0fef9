package dev.longshore.crypto.cipher;

import dev.longshore.crypto.lane.Lanes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An AEAD whose key for one content is the HMAC-SHA256 of that content's iv.
final class KeyedByIvCipher implements ContentCipher {
  private static final String HMAC = "HmacSHA256";
  private static final long FEW_BYTES = 64 << 10;

  private final CipherAlgorithm algorithm;
  private final Aead aead;
  private final SecureRandom nonces;
  private final Lanes<Lane> lanes;
  private final Lanes<Lane> firstLanes;
  private final AtomicLong firstBytes = new AtomicLong();

  /// Takes over `derivationKey` and wipes it.
  KeyedByIvCipher(CipherAlgorithm algorithm, Aead aead, byte[] derivationKey, SecureRandom nonces) {
    this.algorithm = algorithm;
    this.aead = aead;
    this.nonces = nonces;
    Key key = new SecretKeySpec(derivationKey, HMAC);
    Arrays.fill(derivationKey, (byte) 0);
    this.lanes = new Lanes<>(() -> new Lane(keyedMac(key), AeadCipher.fastest(aead)));
    this.firstLanes = new Lanes<>(() -> new Lane(keyedMac(key), new JdkAeadCipher(aead)));
  }

  @Override
  public int seal(byte[] plain, int offset, int length, byte[] iv, byte[] out, int outOffset) {
    Range in = new Range(plain, offset, length);
    Range sealed = new Range(out, outOffset, Math.addExact(length, OVERHEAD_BYTES));
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    nonces.nextBytes(nonce);
    System.arraycopy(nonce, 0, out, outOffset, nonce.length);
    Lanes<Lane> pool = lanesFor(length);
    Lane lane = pool.take();
    byte[] key = lane.mac.doFinal(iv);
    lane.cipher.seal(key, iv, in, sealed);
    Arrays.fill(key, (byte) 0);
    pool.give(lane);
    return sealed.length;
  }

  @Override
  public void seal(byte[] plain, int offset, int length, byte[] iv, PieceSink sink)
      throws IOException {
    Range in = new Range(plain, offset, length);
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    nonces.nextBytes(nonce);
    Lanes<Lane> pool = lanesFor(length);
    Lane lane = pool.take();
    byte[] key = lane.mac.doFinal(iv);
    lane.cipher.seal(key, nonce, iv, in, sink);
    Arrays.fill(key, (byte) 0);
    pool.give(lane);
  }

  @Override
  public int open(byte[] sealed, int offset, int length, byte[] iv, byte[] out, int outOffset)
      throws UnauthenticException {
    Range in = new Range(sealed, offset, length);
    if (length < OVERHEAD_BYTES) {
      throw new UnauthenticException(
          "sealed content: expected at least " + OVERHEAD_BYTES + " bytes, found " + length);
    }
    Range plain = new Range(out, outOffset, length - OVERHEAD_BYTES);
    Lanes<Lane> pool = lanesFor(length);
    Lane lane = pool.take();
    byte[] key = lane.mac.doFinal(iv);
    try {
      lane.cipher.open(key, iv, in, plain);
    } catch (AEADBadTagException e) {
      throw new UnauthenticException(
          "sealed content of " + length + " bytes: tag of " + algorithm.wireName() + " differs", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
    pool.give(lane);
    return plain.length;
  }

  /// A command that looks at a few small things does not wait for another library.
  private Lanes<Lane> lanesFor(int length) {
    boolean few = firstBytes.get() < FEW_BYTES && firstBytes.addAndGet(length) < FEW_BYTES;
    return few ? firstLanes : lanes;
  }

  @Override
  public PieceOpener opener(byte[] iv, byte[] nonce) {
    Lane lane = lanes.take();
    byte[] key = lane.mac.doFinal(iv);
    lanes.give(lane);
    try {
      return new PieceOpener(aead, key, iv, nonce);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return algorithm.wireName();
  }

  private static Mac keyedMac(Key key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + HMAC, e);
    }
  }

  /// What one thread needs to seal or open.
  private record Lane(Mac mac, AeadCipher cipher) {}
}
