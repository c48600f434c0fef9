package dev.longshore.format.compress;

/// Finds what the blocks of an S2 stream can copy. Holds tables, so it is not thread-safe; each
/// call starts afresh.
abstract class S2Search {
  /// So many bytes before the end no copy begins any more, and eight bytes can be read at any place
  /// that is looked at.
  static final int MARGIN = 16;

  /// Encodes `in[offset..offset + length)`.
  ///
  /// @return false if the block does not fit into what the writer has room for
  abstract boolean encode(byte[] in, int offset, int length, S2BlockWriter out);

  /// How many bytes from `at` on are those from `earlier` on, no more than up to `end`.
  static int matchLength(byte[] in, int earlier, int at, int end) {
    int length = 0;
    int longest = end - at;
    while (longest - length >= 8) {
      long difference =
          LittleEndian.getLong(in, earlier + length) ^ LittleEndian.getLong(in, at + length);
      if (difference != 0) {
        return length + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      length += 8;
    }
    while (length < longest && in[earlier + length] == in[at + length]) {
      length++;
    }
    return length;
  }

  /// How many bytes before `at`, down to `from`, are those before `earlier`, down to `start`.
  static int matchLengthBackwards(byte[] in, int start, int earlier, int from, int at) {
    int length = 0;
    int longest = Math.min(earlier - start, at - from);
    while (length < longest && in[earlier - length - 1] == in[at - length - 1]) {
      length++;
    }
    return length;
  }
}
