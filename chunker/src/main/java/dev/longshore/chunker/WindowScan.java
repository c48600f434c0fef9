package dev.longshore.chunker;

/// A search for the first place where the rolling hash of the last 64 bytes has its low bits zero.
///
/// Implementations hold no state: the hash at a place depends on the 64 bytes up to it and on
/// nothing else, so a search may start anywhere.
interface WindowScan {
  /// The bytes that a hash covers.
  int WINDOW_BYTES = 64;

  /// Tests the windows that end with `data[from]` to `data[to - 1]`.
  ///
  /// @param from at least [#WINDOW_BYTES]
  /// @return the index of the last byte of the first window that passes, or -1
  int first(byte[] data, int from, int to);
}
