package dev.longshore.format.pack;

import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.RepositoryCrypto;
import java.util.Arrays;

/// Finds a pack's own index at its end: how a lost index is rebuilt.
///
/// First read the last [#TAIL_BYTES] of the pack; if the local index lies before them, read from
/// [Postamble#localIndexOffset] on.
///
/// Source: kopia 4ebb2be6c `repo/content/content_index_recovery.go`.
public final class PackRecovery {
  /// Bytes to read from the end of a pack first.
  public static final int TAIL_BYTES = 8192;

  private PackRecovery() {}

  /// Where the local index is.
  ///
  /// @param tail the last bytes of the pack, or all of it
  /// @param packLength length of the whole pack
  /// @throws CorruptException if there is no postamble, or it points outside the pack
  public static Postamble locate(byte[] tail, long packLength) throws CorruptException {
    return Postamble.find(tail, packLength)
        .orElseThrow(() -> new CorruptException("pack", packLength, "no postamble"));
  }

  /// Opens the local index out of the bytes from `tailOffset` to the end of the pack.
  ///
  /// @throws CorruptException if the local index is not within these bytes
  /// @throws FormatException if it is not an index
  /// @throws UnauthenticException if it was not sealed by this repository
  /// @throws UnrepairableException if there is more damage than the error correction can mend
  public static IndexReader open(
      RepositoryCrypto crypto, Postamble postamble, byte[] tail, long tailOffset)
      throws FormatException, UnauthenticException, UnrepairableException {
    long start = postamble.localIndexOffset() - tailOffset;
    if (start < 0 || start > tail.length - postamble.localIndexLength()) {
      throw new CorruptException(
          "pack", postamble.localIndexOffset(), "the local index is not within the bytes read");
    }
    byte[] sealed =
        Arrays.copyOfRange(tail, (int) start, (int) start + postamble.localIndexLength());
    return IndexReader.open(crypto.openLocalIndex(postamble.iv(), sealed));
  }
}
