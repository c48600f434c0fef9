package dev.longshore.kube;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Private keys from PEM: PKCS #8, and the older forms of RSA (PKCS #1) and elliptic curves (SEC
/// 1), which the JDK knows only inside of PKCS #8.
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END");

  private static final HexFormat HEX = HexFormat.of();

  /// rsaEncryption with no parameters.
  private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");

  /// id-ecPublicKey.
  private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xA0;
  private static final byte[] VERSION_0 = {2, 1, 0};

  private PemKey() {}

  /// @throws IOException if there is no key, or one of another kind; never says anything of it
  static PrivateKey parse(String pem) throws IOException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new IOException("the client key is no private key in PEM");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(2).getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new IOException("the client key is damaged PEM");
    }
    return switch (block.group(1)) {
      case "RSA PRIVATE KEY" -> key(wrap(RSA, der), List.of("RSA"));
      case "EC PRIVATE KEY" -> key(wrap(tagged(SEQUENCE, EC, curve(der)), der), List.of("EC"));
      case "PRIVATE KEY" -> key(der, List.of("RSA", "EC", "EdDSA"));
      default -> throw new IOException("the client key is encrypted, which is not supported");
    };
  }

  private static PrivateKey key(byte[] pkcs8, List<String> algorithms) throws IOException {
    for (String algorithm : algorithms) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // one of another algorithm
      }
    }
    throw new IOException("the client key is none of " + String.join(", ", algorithms));
  }

  /// PKCS #8 around a key.
  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return tagged(SEQUENCE, VERSION_0, algorithm, tagged(OCTETS, key));
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    int length = body.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(body.toByteArray());
    return out.toByteArray();
  }

  /// The name of the curve in `SEQUENCE { version, key, [0] curve, [1] public key }`.
  private static byte[] curve(byte[] sec1) throws IOException {
    Der fields = new Der(sec1, 0, sec1.length).enter(SEQUENCE);
    while (fields.more()) {
      int tag = fields.tag();
      Der field = fields.enter(tag);
      if (tag == CURVE) {
        return field.bytes();
      }
      fields = fields.after(field);
    }
    throw new IOException("the client key does not name its curve");
  }

  /// Elements one after another.
  private static final class Der {
    private final byte[] data;
    private final int from;
    private final int to;

    Der(byte[] data, int from, int to) {
      this.data = data;
      this.from = from;
      this.to = to;
    }

    boolean more() {
      return from < to;
    }

    int tag() throws IOException {
      return at(from);
    }

    private int at(int index) throws IOException {
      if (index >= to) {
        throw new IOException("the client key is cut short");
      }
      return data[index] & 0xFF;
    }

    /// The content of the first element.
    Der enter(int tag) throws IOException {
      if (tag() != tag) {
        throw new IOException("the client key is damaged");
      }
      int length = at(from + 1);
      int start = from + 2;
      if (length >= 0x80) {
        int digits = length & 0x7F;
        length = 0;
        if (digits > 2) {
          throw new IOException("the client key is damaged");
        }
        for (int i = 0; i < digits; i++) {
          length = length << 8 | at(start++);
        }
      }
      if (length > to - start) {
        throw new IOException("the client key is cut short");
      }
      return new Der(data, start, start + length);
    }

    Der after(Der content) {
      return new Der(data, content.to, to);
    }

    byte[] bytes() {
      return Arrays.copyOfRange(data, from, to);
    }
  }
}
