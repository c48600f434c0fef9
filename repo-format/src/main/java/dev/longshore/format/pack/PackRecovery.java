package dev.longshore.format.pack;

import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.RepositoryCrypto;

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
  /// @throws CorruptException if the local index begins before `tailOffset`
  public static IndexReader open(
      RepositoryCrypto crypto, Postamble postamble, byte[] tail, long tailOffset)
      throws FormatException, UnauthenticException, UnrepairableException {
    throw new UnsupportedOperationException("not yet");
  }
}
