package dev.longshore.format.pack;

import java.util.Optional;

/// The copy of `kopia.repository` that packs of a repository without password change carry.
///
/// `L(2, LE) || B || HMAC-SHA256("kopia-repository", B) || L(2, LE)`, where B is the blob's bytes
/// and `L = length(B) + 32`.
///
/// Source: kopia 4ebb2be6c `repo/format/format_blob.go`.
public final class FormatCopy {
  /// Bytes to read from each end of a pack to find a copy.
  public static final int SEARCH_BYTES = 65536;

  private FormatCopy() {}

  /// The block to put at the start of a pack.
  ///
  /// @throws IllegalArgumentException if the blob is too long for a copy
  public static byte[] encode(byte[] formatBlob) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The format blob at the very start of these bytes.
  public static Optional<byte[]> findAtStart(byte[] head) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The format blob at the very end of these bytes.
  public static Optional<byte[]> findAtEnd(byte[] tail) {
    throw new UnsupportedOperationException("not yet");
  }
}
