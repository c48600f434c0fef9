package dev.longshore.format.pack;

import dev.longshore.format.error.CorruptException;
import java.util.Optional;

/// The last bytes of a pack: where its local index is.
///
/// | part | bytes |
/// |---|---|
/// | version 1 | uvarint |
/// | length of the IV, the IV (full hash of the plain local index) | uvarint, 16, 28 or 32 |
/// | offset of the local index in the pack | uvarint |
/// | stored length of the local index | uvarint |
/// | CRC32 (IEEE) of all before | 4, big-endian |
/// | number of bytes before this one | 1 |
///
/// Checksummed, not authenticated: the local index itself is.
///
/// Source: kopia 4ebb2be6c `repo/content/content_index_recovery.go`.
public final class Postamble {
  private final byte[] iv;
  private final long localIndexOffset;
  private final int localIndexLength;

  /// @param iv of the local index; copied
  public Postamble(byte[] iv, long localIndexOffset, int localIndexLength) {
    this.iv = iv.clone();
    this.localIndexOffset = localIndexOffset;
    this.localIndexLength = localIndexLength;
  }

  /// A copy of the local index's IV.
  public byte[] iv() {
    return iv.clone();
  }

  /// Where the sealed local index begins in the pack.
  public long localIndexOffset() {
    return localIndexOffset;
  }

  /// Bytes of the sealed local index.
  public int localIndexLength() {
    return localIndexLength;
  }

  /// The bytes, with the length byte.
  public byte[] encode() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads the postamble at the end of a pack; empty if there is none.
  ///
  /// @param tail the last bytes of the pack, or all of it
  /// @param packLength length of the whole pack; bounds the local index
  /// @throws CorruptException if the checksum is right but the local index would lie outside the
  ///   pack
  public static Optional<Postamble> find(byte[] tail, long packLength) throws CorruptException {
    throw new UnsupportedOperationException("not yet");
  }
}
