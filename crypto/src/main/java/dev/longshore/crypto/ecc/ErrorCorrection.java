package dev.longshore.crypto.ecc;

/// Adds parity to sealed bytes and mends them with it.
///
/// Safe for use by many threads at once. No buffer is kept after a call returns.
public interface ErrorCorrection {
  /// The exact length in bytes of the stored form of `plainLength` bytes.
  ///
  /// @throws IllegalArgumentException if `plainLength` is negative, or so long that its stored form
  ///   does not fit an array
  int encodedLength(int plainLength);

  /// Makes the stored form of `length` bytes of `data` in a new array.
  ///
  /// @throws IndexOutOfBoundsException if the range leaves the array
  /// @throws IllegalArgumentException as [#encodedLength]
  byte[] encode(byte[] data, int offset, int length);

  /// Checks, mends where needed, and unwraps `length` stored bytes.
  ///
  /// @throws UnrepairableException if the damage is beyond repair, or if the bytes are not a stored
  ///   form at all
  /// @throws IndexOutOfBoundsException if the range leaves the array
  Decoded decode(byte[] stored, int offset, int length) throws UnrepairableException;

  /// What came out of a stored form.
  ///
  /// @param data the bytes that were encoded; owned by the caller
  /// @param repairedShards how many shards were damaged, parity included; 0 for sound bytes
  @SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
  record Decoded(byte[] data, int repairedShards) {}
}
