package dev.longshore.crypto.hash;

import java.util.Objects;

/// One content to hash, and where its hash goes. The arrays are borrowed until the job is done.
///
/// @param out takes the hash from `outOffset` on; not the `data` of any job of the same batch
@SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
public record HashJob(byte[] data, int offset, int length, byte[] out, int outOffset) {
  /// @throws IndexOutOfBoundsException if the content leaves its array
  public HashJob {
    Objects.checkFromIndexSize(offset, length, data.length);
  }
}
