package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemKeyTest {
  /// What stands before the key of a PKCS #8 file: version and algorithm of RSA.
  private static final int RSA_PREFIX = 3 + 15;

  private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

  static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), kind);
  }

  static PrivateKey generate(String algorithm, int size) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair().getPrivate();
  }

  /// The older form of an RSA key.
  static byte[] pkcs1(PrivateKey key) {
    byte[] der = key.getEncoded();
    // SEQUENCE and OCTET STRING with lengths of two bytes each.
    return Arrays.copyOfRange(der, 4 + RSA_PREFIX + 4, der.length);
  }

  /// The older form of a key of P-256.
  static byte[] sec1(PrivateKey key) {
    byte[] number = ((ECPrivateKey) key).getS().toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, fixed, 32 - length, length);
    return tagged(0x30, new byte[] {2, 1, 1}, tagged(4, fixed), tagged(0xA0, P256));
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    out.write(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  @Test
  void readsAllFormsOfKeys() throws Exception {
    PrivateKey rsa = generate("RSA", 1024);
    PrivateKey ec = generate("EC", 256);
    assertEquals(rsa, PemKey.parse(pem("PRIVATE KEY", rsa.getEncoded())));
    assertEquals(rsa, PemKey.parse(pem("RSA PRIVATE KEY", pkcs1(rsa))));
    assertEquals(ec, PemKey.parse(pem("PRIVATE KEY", ec.getEncoded())));
    ECPrivateKey old =
        (ECPrivateKey)
            PemKey.parse(
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                    + pem("EC PRIVATE KEY", sec1(ec)));
    assertEquals(((ECPrivateKey) ec).getS(), old.getS());
    assertArrayEquals(
        ((ECPrivateKey) ec).getParams().getOrder().toByteArray(),
        old.getParams().getOrder().toByteArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void refusesWhatIsNoKey(String text) {
    assertThrows(IOException.class, () -> PemKey.parse(text));
  }

  @Test
  void damagedKeysAreRefusedInOrder() throws Exception {
    byte[] key = sec1(generate("EC", 256));
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = key.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      byte[] cut = Arrays.copyOf(damaged, 1 + random.nextInt(damaged.length));
      try {
        assertEquals("EC", PemKey.parse(pem("EC PRIVATE KEY", cut)).getAlgorithm());
      } catch (IOException e) {
        // refused
      }
    }
  }
}
