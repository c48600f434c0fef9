package dev.longshore.crypto.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.crypto.Vectors;
import dev.longshore.crypto.openssl.EvpCipher;
import dev.longshore.crypto.openssl.LibCrypto;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The system's ciphers against the JDK's.
class AeadCipherTest {
  private static final int OVERHEAD = Aead.NONCE_BYTES + Aead.TAG_BYTES;
  // Around blocks, and around what one call of the system's works through.
  private static final int[] LENGTHS = {
    0, 1, 15, 16, 17, 63, 64, 65, 255, 4096, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 5
  };

  private final byte[] key = Vectors.data(32);
  private final byte[] associated = Vectors.data(16);

  @BeforeEach
  void isThere() {
    assumeTrue(LibCrypto.isAvailable(), "no libcrypto.so.3 here");
  }

  private static SystemAeadCipher system(Aead aead) {
    return new SystemAeadCipher(EvpCipher.create(aead.system()).orElseThrow());
  }

  private static Range all(byte[] bytes) {
    return new Range(bytes, 0, bytes.length);
  }

  @ParameterizedTest
  @EnumSource
  void bothProvidersSealTheSameBytes(Aead aead) throws AEADBadTagException {
    AeadCipher jdk = new JdkAeadCipher(aead);
    SystemAeadCipher system = system(aead);
    byte nonce = 0;
    for (int length : LENGTHS) {
      byte[] plain = Vectors.data(length);
      byte[] expected = new byte[length + OVERHEAD];
      expected[3] = nonce++; // the JDK refuses a nonce twice
      byte[] found = expected.clone();
      jdk.seal(key, associated, all(plain), all(expected));
      system.seal(key, associated, all(plain), all(found));
      assertArrayEquals(expected, found);
      byte[] opened = new byte[length];
      system.open(key, associated, all(expected), all(opened));
      assertArrayEquals(plain, opened);
      byte[] again = new byte[length];
      jdk.open(key, associated, all(found), all(again));
      assertArrayEquals(plain, again);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsNothingThatIsNotAuthentic(Aead aead) {
    SystemAeadCipher system = system(aead);
    byte[] plain = Vectors.data(100);
    byte[] sealed = new byte[100 + OVERHEAD];
    system.seal(key, associated, all(plain), all(sealed));
    for (int at = 0; at < sealed.length; at++) {
      byte[] forged = sealed.clone();
      forged[at] ^= 0x10;
      byte[] opened = Vectors.data(100);
      assertThrows(
          AEADBadTagException.class, () -> system.open(key, associated, all(forged), all(opened)));
      assertArrayEquals(new byte[100], opened);
    }
    byte[] other = key.clone();
    other[0]++;
    byte[] opened = new byte[100];
    assertThrows(
        AEADBadTagException.class, () -> system.open(other, associated, all(sealed), all(opened)));
  }

  @ParameterizedTest
  @EnumSource
  void opensMemoryOutsideTheHeapAndInPlace(Aead aead) {
    SystemAeadCipher system = system(aead);
    int length = (2 << 20) + 77;
    byte[] plain = Vectors.data(length);
    byte[] sealed = new byte[length + OVERHEAD];
    system.seal(key, associated, all(plain), all(sealed));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, sealed);
      MemorySegment out = in.asSlice(Aead.NONCE_BYTES, length);
      assertTrue(system.open(key, associated, in, out));
      assertArrayEquals(plain, out.toArray(ValueLayout.JAVA_BYTE));
      MemorySegment.copy(sealed, 0, in, ValueLayout.JAVA_BYTE, 0, sealed.length);
      in.set(ValueLayout.JAVA_BYTE, 500, (byte) ~sealed[500]);
      assertFalse(system.open(key, associated, in, out));
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneCipherTakesKeyAfterKey(Aead aead) throws AEADBadTagException {
    SystemAeadCipher system = system(aead);
    byte[] plain = Vectors.data(50);
    for (int round = 0; round < 300; round++) {
      byte[] fresh = Arrays.copyOfRange(Vectors.data(32 + round), round, 32 + round);
      byte[] sealed = new byte[50 + OVERHEAD];
      system.seal(fresh, associated, all(plain), all(sealed));
      byte[] opened = new byte[50];
      new JdkAeadCipher(aead).open(fresh, associated, all(sealed), all(opened));
      assertArrayEquals(plain, opened);
    }
  }
}
