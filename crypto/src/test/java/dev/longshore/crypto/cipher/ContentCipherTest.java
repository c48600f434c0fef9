package dev.longshore.crypto.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.Vectors;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentCipherTest {
  private static final SecureRandom NONCES = new SecureRandom();
  private final byte[] masterKey = Vectors.data(32);
  private final byte[] iv = Vectors.data(16);

  @ParameterizedTest
  @EnumSource
  void everyLengthComesBackAtAnyOffset(CipherAlgorithm algorithm) throws UnauthenticException {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    byte[] data = Vectors.data(100_010);
    for (int length = 0; length < 100_000; length += length < 600 ? 1 : 33_331) {
      byte[] sealed = new byte[length + ContentCipher.OVERHEAD_BYTES + 10];
      assertEquals(length + 28, cipher.seal(data, 5, length, iv, sealed, 3));
      byte[] plain = new byte[length + 10];
      assertEquals(length, cipher.open(sealed, 3, length + 28, iv, plain, 7));
      assertArrayEquals(
          Arrays.copyOfRange(data, 5, 5 + length), Arrays.copyOfRange(plain, 7, 7 + length));
      assertArrayEquals(new byte[3], Arrays.copyOf(sealed, 3));
      assertArrayEquals(new byte[3], Arrays.copyOfRange(plain, length + 7, length + 10));
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesEveryFlippedBitEveryCutAndEveryOtherIv(CipherAlgorithm algorithm) {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    byte[] sealed = cipher.seal(Vectors.data(40), iv);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] forged = sealed.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(UnauthenticException.class, () -> cipher.open(forged, iv));
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(UnauthenticException.class, () -> cipher.open(cut, iv));
    }
    for (int i = 0; i < iv.length; i++) {
      byte[] other = iv.clone();
      other[i]++;
      assertThrows(UnauthenticException.class, () -> cipher.open(sealed, other));
    }
    assertThrows(UnauthenticException.class, () -> cipher.open(sealed, Arrays.copyOf(iv, 15)));
    assertThrows(UnauthenticException.class, () -> cipher.open(sealed, new byte[0]));
    byte[] otherKey = masterKey.clone();
    otherKey[31]++;
    ContentCipher stranger = ContentCiphers.create(algorithm, otherKey, NONCES);
    assertThrows(UnauthenticException.class, () -> stranger.open(sealed, iv));
  }

  @ParameterizedTest
  @EnumSource
  void opensInPlaceAsIntoAnotherArray(CipherAlgorithm algorithm) throws UnauthenticException {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    byte[] data = Vectors.data(2_000_100);
    for (int length = 0; length < data.length; length += length < 600 ? 1 : 123_457) {
      byte[] array = new byte[length + ContentCipher.OVERHEAD_BYTES + 10];
      int sealedLength = cipher.seal(data, 0, length, iv, array, 5);
      byte[] damaged = array.clone();
      int at = 5 + ContentCipher.NONCE_BYTES;
      assertEquals(length, cipher.open(array, 5, sealedLength, iv, array, at));
      assertArrayEquals(Arrays.copyOf(data, length), Arrays.copyOfRange(array, at, at + length));
      damaged[5 + sealedLength - 1 - length / 2] ^= 4;
      assertThrows(
          UnauthenticException.class, () -> cipher.open(damaged, 5, sealedLength, iv, damaged, at));
      assertArrayEquals(new byte[length], Arrays.copyOfRange(damaged, at, at + length));
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesNothingBehindAfterAFailure(CipherAlgorithm algorithm) {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    for (int length : new int[] {1, 100, 20_000}) {
      byte[] sealed = cipher.seal(Vectors.data(length), iv);
      sealed[sealed.length - 1]++;
      byte[] out = new byte[length];
      Arrays.fill(out, (byte) 1);
      assertThrows(
          UnauthenticException.class, () -> cipher.open(sealed, 0, sealed.length, iv, out, 0));
      assertArrayEquals(new byte[length], out);
    }
  }

  @ParameterizedTest
  @EnumSource
  void checksTheRanges(CipherAlgorithm algorithm) {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    byte[] small = new byte[10];
    assertThrows(
        IndexOutOfBoundsException.class, () -> cipher.seal(small, 5, 6, iv, new byte[99], 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> cipher.seal(small, 0, 10, iv, new byte[37], 0));
    byte[] sealed = cipher.seal(small, iv);
    assertThrows(
        IndexOutOfBoundsException.class, () -> cipher.open(sealed, 1, 38, iv, new byte[99], 0));
    assertThrows(
        IndexOutOfBoundsException.class, () -> cipher.open(sealed, 0, 38, iv, new byte[9], 0));
  }

  @ParameterizedTest
  @EnumSource
  void neverRepeatsANonce(CipherAlgorithm algorithm) {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    byte[] one = cipher.seal(new byte[1], iv);
    byte[] two = cipher.seal(new byte[1], iv);
    assertFalse(Arrays.equals(one, 0, 12, two, 0, 12));
    assertFalse(cipher.toString().contains(Vectors.hex(masterKey)));
  }

  @ParameterizedTest
  @EnumSource
  void manyThreadsOpenWhatOthersSealed(CipherAlgorithm algorithm) throws Exception {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] data = Vectors.data(i * 50);
        byte[] ownIv = Vectors.data(16 + i % 17);
        byte[] sealed = cipher.seal(data, ownIv);
        results.add(
            pool.submit(() ->
                Arrays.equals(data, cipher.open(sealed, ownIv))
                    && Arrays.equals(data, cipher.open(cipher.seal(data, iv), iv))));
      }
      for (Future<Boolean> result : results) {
        assertTrue(result.get());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsWireName(CipherAlgorithm algorithm) {
    assertEquals(algorithm, CipherAlgorithm.byName(algorithm.wireName()).orElseThrow());
    assertTrue(CipherAlgorithm.byName(algorithm.wireName() + " ").isEmpty());
  }

  private byte[] openInPieces(ContentCipher cipher, byte[] sealed, int piece)
      throws UnauthenticException {
    int nonceBytes = ContentCipher.NONCE_BYTES;
    int end = sealed.length - ContentCipher.TAG_BYTES;
    PieceOpener opener = cipher.opener(iv, Arrays.copyOf(sealed, nonceBytes));
    byte[] plain = Arrays.copyOfRange(sealed, nonceBytes, end);
    for (int at = 0; at < plain.length; at += piece) {
      opener.open(plain, at, Math.min(piece, plain.length - at));
    }
    opener.finish(Arrays.copyOfRange(sealed, end, sealed.length));
    return plain;
  }

  @ParameterizedTest
  @EnumSource
  void opensInPiecesOfAnyLengthWhatItOpensAtOnce(CipherAlgorithm algorithm)
      throws UnauthenticException {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    for (int length : new int[] {0, 1, 15, 16, 17, 63, 64, 65, 1000, 100_003}) {
      byte[] data = Vectors.data(length);
      byte[] sealed = cipher.seal(data, iv);
      for (int piece : new int[] {1, 7, 16, 64, 1000, 4096, 1 << 20}) {
        if (length / piece < 5000) {
          assertArrayEquals(data, openInPieces(cipher, sealed, piece));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesEveryFlippedBitInPieces(CipherAlgorithm algorithm) {
    ContentCipher cipher = ContentCiphers.create(algorithm, masterKey, NONCES);
    byte[] sealed = cipher.seal(Vectors.data(40), iv);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] forged = sealed.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(UnauthenticException.class, () -> openInPieces(cipher, forged, 16));
    }
  }
}
