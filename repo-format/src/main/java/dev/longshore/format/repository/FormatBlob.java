package dev.longshore.format.repository;

import dev.longshore.format.error.FormatException;

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

  private final byte[] uniqueId;
  private final String keyAlgorithm;
  private final String buildVersion;
  private final String buildInfo;
  private final byte[] encryptedFormat;

  FormatBlob(
      byte[] uniqueId,
      String keyAlgorithm,
      String buildVersion,
      String buildInfo,
      byte[] encryptedFormat) {
    this.uniqueId = uniqueId;
    this.keyAlgorithm = keyAlgorithm;
    this.buildVersion = buildVersion;
    this.buildInfo = buildInfo;
    this.encryptedFormat = encryptedFormat;
  }

  /// Reads the blob.
  ///
  /// @throws FormatException if it is not such JSON, lacks a field, or names an unknown
  ///   `encryption`
  public static FormatBlob parse(byte[] blob) throws FormatException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The blob's bytes, as kopia writes them.
  public byte[] encode() {
    throw new UnsupportedOperationException("not yet");
  }

  /// A copy of the repository's unique id.
  public byte[] uniqueId() {
    return uniqueId.clone();
  }

  /// The name of the derivation of the format key from the password.
  public String keyAlgorithm() {
    return keyAlgorithm;
  }

  /// The version of the program that wrote the blob, free text.
  public String buildVersion() {
    return buildVersion;
  }

  /// The build of the program that wrote the blob, free text.
  public String buildInfo() {
    return buildInfo;
  }

  /// A copy of the sealed inner block.
  byte[] encryptedFormat() {
    return encryptedFormat.clone();
  }
}
