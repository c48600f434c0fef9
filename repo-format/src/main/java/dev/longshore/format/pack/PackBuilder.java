package dev.longshore.format.pack;

import dev.longshore.format.id.BlobId;
import java.util.random.RandomGenerator;

/// Lays out one pack in memory.
///
/// Layout: format copy (may be empty), 32 random bytes, sealed contents back to back, 1..4096
/// random bytes up to a multiple of 4096, sealed local index, [Postamble].
///
/// The buffer grows and is kept by [#reset]. Not thread-safe.
///
/// Source: kopia 4ebb2be6c `repo/content/content_manager.go`.
public final class PackBuilder {
  /// First letter of packs of contents without prefix.
  public static final String DATA_PREFIX = "p";

  /// First letter of packs of contents with a prefix.
  public static final String METADATA_PREFIX = "q";

  /// @param formatCopy [FormatCopy#encode], or empty; kept
  /// @param random of the preamble and the padding
  public PackBuilder(byte[] formatCopy, RandomGenerator random) {}

  /// A new name for a pack: prefix, 16 random bytes in hex, dash, session.
  public static BlobId newBlobId(
      String prefix, RandomGenerator random, dev.longshore.format.session.SessionId session) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Starts the next pack; it is empty.
  public void reset() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Tells whether no content was appended.
  public boolean isEmpty() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Bytes so far, format copy and preamble included: to be compared with the format's
  /// `maxPackSize`.
  public int length() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Appends a sealed content.
  ///
  /// @return its offset in the pack
  /// @throws IllegalStateException if the pack would exceed 2^30 bytes
  public int append(byte[] sealed, int offset, int length) {
    throw new UnsupportedOperationException("not yet");
  }

  /// A copy of bytes appended before, for reading a content before its pack is written.
  public byte[] read(int offset, int length) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Ends the pack with its local index and returns all its bytes. Only [#reset] may follow.
  public byte[] finish(byte[] localIndexIv, byte[] sealedLocalIndex) {
    throw new UnsupportedOperationException("not yet");
  }
}
