package dev.longshore.format.repository;

import dev.longshore.crypto.kdf.KeyDerivation;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;

/// The plain outer part of `kopia.repository`: what is needed to turn a password into a key, and
/// the sealed [RepositoryFormat].
///
/// JSON with two-space indent and a newline at the end:
///
/// | field | type | meaning |
/// |---|---|---|
/// | `tool`, `buildVersion`, `buildInfo` | string | who wrote it; not checked |
/// | `uniqueID` | base64 | 32 random bytes, the salt of all derived keys; never changes |
/// | `keyAlgo` | string | how the password becomes the format key |
/// | `encryption` | string | always `AES256_GCM` |
/// | `encryptedBlockFormat` | base64 | nonce (12), sealed inner JSON, tag (16); see [FormatBlobCodec] |
///
/// Immutable; byte arrays are copied in and out. Unknown fields are dropped.
///
/// Source: kopia 4ebb2be6c `repo/format/format_blob.go`.
public final class FormatBlob {
  /// The name of the blob.
  public static final String BLOB_NAME = "kopia.repository";

  /// The only value of `encryption`.
  public static final String ENCRYPTION = "AES256_GCM";

  /// The largest blob that is parsed; real ones have about 1100 bytes.
  public static final int MAX_BYTES = 1 << 20;

  private static final String WHAT = "format blob";
  private static final JsonFields FIELDS =
      JsonFields.of(
          "tool",
          "buildVersion",
          "buildInfo",
          "uniqueID",
          "keyAlgo",
          "encryption",
          "encryptedBlockFormat");

  private final Writer writer;
  private final byte[] uniqueId;
  private final String keyAlgorithm;
  private final byte[] encryptedFormat;

  /// Who wrote the blob; free text, kept as found.
  record Writer(String tool, String buildVersion, String buildInfo) {}

  FormatBlob(Writer writer, byte[] uniqueId, String keyAlgorithm, byte[] encryptedFormat) {
    this.writer = writer;
    this.uniqueId = uniqueId;
    this.keyAlgorithm = keyAlgorithm;
    this.encryptedFormat = encryptedFormat;
  }

  /// Reads the blob.
  ///
  /// @throws FormatException if it is not such JSON, has too short an id, or names an unknown
  ///   `encryption`
  public static FormatBlob parse(byte[] blob) throws FormatException {
    if (blob.length > MAX_BYTES) {
      throw new CorruptException(
          WHAT, 0, "expected at most " + MAX_BYTES + " bytes, found " + blob.length);
    }
    String tool = "";
    String buildVersion = "";
    String buildInfo = "";
    byte[] uniqueId = new byte[0];
    String keyAlgorithm = "";
    String encryption = "";
    byte[] encryptedFormat = new byte[0];
    try (JsonInput in = JsonInput.of(WHAT, blob)) {
      if (in.beginObject()) {
        for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
          switch (f) {
            case "tool" -> tool = in.string();
            case "buildVersion" -> buildVersion = in.string();
            case "buildInfo" -> buildInfo = in.string();
            case "uniqueID" -> uniqueId = in.base64();
            case "keyAlgo" -> keyAlgorithm = in.string();
            case "encryption" -> encryption = in.string();
            case "encryptedBlockFormat" -> encryptedFormat = in.base64();
            default -> in.skip();
          }
        }
      }
      in.finish();
    }
    if (uniqueId.length < KeyDerivation.MIN_SALT_BYTES) {
      throw new CorruptException(
          WHAT, -1, "expected a unique id of 16 bytes or more, found " + uniqueId.length);
    }
    if (!encryption.equals(ENCRYPTION)) {
      throw new UnsupportedFormatException("format encryption", quoted(encryption), ENCRYPTION);
    }
    return new FormatBlob(
        new Writer(tool, buildVersion, buildInfo), uniqueId, keyAlgorithm, encryptedFormat);
  }

  /// The blob's bytes, in the form kopia writes.
  public byte[] encode() {
    GoJsonWriter out = GoJsonWriter.indented().beginObject();
    out.field("tool", writer.tool());
    out.field("buildVersion", writer.buildVersion());
    out.field("buildInfo", writer.buildInfo());
    out.name("uniqueID").base64(uniqueId);
    out.field("keyAlgo", keyAlgorithm);
    out.field("encryption", ENCRYPTION);
    if (encryptedFormat.length > 0) {
      out.name("encryptedBlockFormat").base64(encryptedFormat);
    }
    return out.endObject().newline().toByteArray();
  }

  /// A copy with another sealed inner block.
  FormatBlob withEncryptedFormat(byte[] sealed) {
    return new FormatBlob(writer, uniqueId, keyAlgorithm, sealed);
  }

  /// A copy of the repository's unique id.
  public byte[] uniqueId() {
    return uniqueId.clone();
  }

  /// The name of the derivation of the format key from the password.
  public String keyAlgorithm() {
    return keyAlgorithm;
  }

  /// The program that wrote the blob, free text.
  public String tool() {
    return writer.tool();
  }

  /// The version of the program that wrote the blob, free text.
  public String buildVersion() {
    return writer.buildVersion();
  }

  /// A copy of the sealed inner block.
  byte[] encryptedFormat() {
    return encryptedFormat.clone();
  }

  /// A name from outside, cut to a length that an error message can bear.
  static String quoted(String name) {
    return "'" + (name.length() > 40 ? name.substring(0, 40) + "..." : name) + "'";
  }
}
