package dev.longshore.chunker;

/// Cuts one stream of bytes into chunks.
///
/// The cuts depend on the bytes alone, not on how the stream is sliced into calls. A caller feeds
/// the stream in order; after each cut the next call starts with the first byte of the next chunk.
/// What remains at the end of the stream is the last chunk, without any call. Not thread-safe.
///
/// ```
/// int start = 0;
/// for (int cut; (cut = splitter.nextCut(data, start, data.length - start)) >= 0; start += cut) {
///   chunk(data, start, cut);
/// }
/// rest(data, start, data.length - start);
/// ```
public interface Splitter {

  /// Looks for the end of the current chunk in `data[offset..offset + length)`.
  ///
  /// The array is only read, and not kept.
  ///
  /// @return how many bytes of the range belong to the current chunk, the last one included, if it
  ///   ends there: 1 to `length`; the bytes behind it have not been looked at. -1 if it goes on:
  ///   all bytes of the range have been taken in
  /// @throws IndexOutOfBoundsException if the range is not within the array
  int nextCut(byte[] data, int offset, int length);

  /// Forgets the stream so far; the next byte is the first of a new one.
  void reset();

  /// The largest chunk this splitter makes, in bytes.
  int maxChunkBytes();
}
