package dev.longshore.format.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.ContentCiphers;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryCryptoTest {
  private static final byte[] TEXT = "some plain bytes".getBytes(StandardCharsets.US_ASCII);

  private static RepositoryFormat format(String hash, int eccPercent) {
    return RepositoryFormat.create(
        new RepositoryFormat.Choice(
            3, hash, RepositoryFormat.DEFAULT_ENCRYPTION, "FIXED", eccPercent),
        new SecureRandom());
  }

  private static RepositoryCrypto crypto(String hash, int eccPercent) throws IOException {
    return RepositoryCrypto.create(format(hash, eccPercent), new SecureRandom());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BLAKE2S-128", "HMAC-SHA224", "HMAC-SHA3-256"})
  void blobsAreNamedByTheFullHashAndOpenUnderTheirNameOnly(String hash) throws IOException {
    RepositoryCrypto crypto = crypto(hash, 0);
    SealedBlob blob = crypto.sealBlob("xn0_", "s1-c1", TEXT);
    String hex = crypto.contentId(ContentId.NO_PREFIX, TEXT, 0, TEXT.length).toString();
    assertEquals("xn0_" + hex + "-s1-c1", blob.id().value());
    assertArrayEquals(TEXT, crypto.openBlob(blob.id(), blob.bytes()));
    assertArrayEquals(TEXT, crypto.openBlob(new BlobId("m" + hex), blob.bytes()));
    assertEquals("m" + hex, crypto.sealBlob("m", "", TEXT).id().value());
    BlobId other = crypto.sealBlob("xn0_", "s1-c1", new byte[1]).id();
    assertThrows(UnauthenticException.class, () -> crypto.openBlob(other, blob.bytes()));
  }

  @Test
  void aNameWithoutEnoughDigitsOpensNothing() throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE2S-128", 0);
    for (String name :
        List.of("n1234-s1", "xe5", "n" + "0".repeat(31) + "g", "-" + "0".repeat(32))) {
      assertThrows(
          CorruptException.class, () -> crypto.openBlob(new BlobId(name), new byte[100]), name);
    }
  }

  @Test
  void aShortContentIdOpensNothing() throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE2S-128", 0);
    ContentId id = ContentId.of('k', new byte[15]);
    assertThrows(CorruptException.class, () -> crypto.openContent(id, new byte[100], 0, 100));
    assertThrows(IllegalStateException.class, () -> crypto.sealContent(id, TEXT, 0, TEXT.length));
  }

  @Test
  void theLocalIndexUsesItsWholeHash() throws IOException {
    RepositoryCrypto crypto = crypto("HMAC-SHA224", 0);
    SealedLocalIndex sealed = crypto.sealLocalIndex(TEXT);
    assertEquals(28, sealed.iv().length);
    assertArrayEquals(TEXT, crypto.openLocalIndex(sealed.iv(), sealed.bytes()));
    SealedBlob blob = crypto.sealBlob("n", "", TEXT);
    assertThrows(
        UnauthenticException.class, () -> crypto.openLocalIndex(sealed.iv(), blob.bytes()));
  }

  @Test
  void thePrefixDoesNotEnterTheKey() throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE3-256", 0);
    ContentId plain = crypto.contentId(ContentId.NO_PREFIX, TEXT, 0, TEXT.length);
    ContentId prefixed = crypto.contentId('k', TEXT, 0, TEXT.length);
    assertNotEquals(plain, prefixed);
    byte[] sealed = crypto.sealContent(plain, TEXT, 0, TEXT.length);
    assertArrayEquals(TEXT, crypto.openContent(prefixed, sealed, 0, sealed.length));
  }

  @Test
  void errorCorrectionMendsWhatAuthenticationWouldRefuse() throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE2B-256-128", 10);
    ContentId id = crypto.contentId(ContentId.NO_PREFIX, TEXT, 0, TEXT.length);
    byte[] sealed = crypto.sealContent(id, TEXT, 0, TEXT.length);
    assertEquals(crypto.sealedLength(TEXT.length), sealed.length);
    sealed[sealed.length / 2] ^= 1;
    assertArrayEquals(TEXT, crypto.openContent(id, sealed, 0, sealed.length));
    for (int i = 0; i < sealed.length; i++) {
      sealed[i] ^= 1;
    }
    assertThrows(
        UnrepairableException.class, () -> crypto.openContent(id, sealed, 0, sealed.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 10})
  void opensInPlaceWhatItOpensElsewhere(int eccPercent) throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE2B-256-128", eccPercent);
    SplittableRandom random = new SplittableRandom(eccPercent);
    for (int round = 0; round < 60; round++) {
      byte[] plain = new byte[round < 40 ? round : random.nextInt(100_000)];
      random.nextBytes(plain);
      ContentId id = crypto.contentId(ContentId.NO_PREFIX, plain, 0, plain.length);
      byte[] sealed = crypto.sealContent(id, plain, 0, plain.length);
      byte[] array = new byte[sealed.length + 20];
      System.arraycopy(sealed, 0, array, 7, sealed.length);
      if (eccPercent > 0) {
        array[7 + random.nextInt(sealed.length)] ^= 1;
      }
      assertEquals(plain.length, crypto.openContentInPlace(id, array, 7, sealed.length));
      int from = 7 + ContentCipher.NONCE_BYTES;
      assertArrayEquals(plain, Arrays.copyOfRange(array, from, from + plain.length));
      for (int at = 0; at < sealed.length; at++) {
        sealed[at] ^= 1;
      }
      assertThrows(
          IOException.class, () -> crypto.openContentInPlace(id, sealed, 0, sealed.length));
    }
  }

  @Test
  void anEmptyContentIsAContent() throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE2B-256-128", 0);
    ContentId id = crypto.contentId(ContentId.NO_PREFIX, TEXT, 0, 0);
    byte[] sealed = crypto.sealContent(id, TEXT, 3, 0);
    assertEquals(28, sealed.length);
    assertEquals(0, crypto.openContent(id, sealed, 0, 28).length);
    assertThrows(UnauthenticException.class, () -> crypto.openContent(id, sealed, 0, 27));
    for (int length = 0; length < 28; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(
          UnauthenticException.class, () -> crypto.openContentInPlace(id, cut, 0, cut.length));
    }
  }

  @Test
  void refusesASecretThatTheHashCannotUse() {
    RepositoryFormat good = format("BLAKE2S-128", 0);
    RepositoryFormat bad =
        new RepositoryFormat(
            good.hash(),
            good.encryption(),
            "",
            0,
            Secret.of(new byte[33]),
            good.masterKey(),
            3,
            1 << 20,
            2,
            good.epochParameters(),
            true,
            "FIXED",
            null,
            List.of());
    UnsupportedFormatException e =
        assertThrows(
            UnsupportedFormatException.class,
            () -> RepositoryCrypto.create(bad, new SecureRandom()));
    assertTrue(e.toString().contains("33 bytes"), e.toString());
  }

  @Test
  void theDocumentationShowsBytesThatOpen() throws IOException {
    DocumentedSamples page = DocumentedSamples.of("blobs.md");
    byte[] masterKey = new byte[32];
    byte[] secret = new byte[32];
    for (int i = 0; i < 32; i++) {
      masterKey[i] = (byte) (0x32 + i);
      secret[i] = (byte) i;
    }
    RepositoryCrypto crypto =
        new RepositoryCrypto(
            ContentHashers.keyed(HashAlgorithm.HMAC_SHA224, secret),
            ContentCiphers.create(
                CipherAlgorithm.AES256_GCM_HMAC_SHA256, masterKey, new SecureRandom()),
            null);
    byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
    String hash = "37f5f97c60a525c95aa82d8b17f759224536bf18a922d52f0311df41";
    BlobId blob = new BlobId("n" + hash + "-s710868003fb6da79147");
    assertEquals(blob, crypto.sealBlob("n", "s710868003fb6da79147", hello).id());
    assertArrayEquals(hello, crypto.openBlob(blob, page.hex("blob")));
    byte[] content = page.hex("content");
    ContentId id = ContentId.parse("k" + hash).orElseThrow();
    assertArrayEquals(hello, crypto.openContent(id, content, 0, content.length));
    byte[] iv = HexFormat.of().parseHex(hash);
    assertArrayEquals(hello, crypto.openLocalIndex(iv, page.hex("local-index")));
  }
}
