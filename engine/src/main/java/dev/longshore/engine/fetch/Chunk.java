package dev.longshore.engine.fetch;

import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.ObjectId;

/// A piece of a file that is wanted: `length` bytes from `start` are the object `source`.
///
/// @param owner whose piece it is
/// @param source not indirect
/// @param <T> an owner
public record Chunk<T>(T owner, long start, long length, ObjectId source) {
  /// The chunk's own bytes, given its content's. Format 1 compresses objects, not contents: only
  /// the chunk list then tells the plain length.
  ///
  /// @return `content` itself if it is not compressed
  /// @throws DamagedException if they are not as many as the chunk list says
  public ByteSpan plain(ByteSpan content) throws DamagedException {
    ByteSpan plain = content;
    if (source.compressed()) {
      int limit = (int) Math.min(length, Integer.MAX_VALUE - 16);
      try {
        plain =
            ByteSpan.of(
                CompressedPayload.decompressUnknown(
                    content.bytes(), content.offset(), content.length(), limit));
      } catch (FormatException e) {
        throw new DamagedException("object " + source + ": " + e.getMessage(), e);
      }
    }
    checkLength(plain.length());
    return plain;
  }

  /// Checks a length against what the chunk list says.
  public void checkLength(long found) throws DamagedException {
    if (found != length) {
      throw new DamagedException(
          "object %s: expected %d bytes for offset %d of the file, found %d"
              .formatted(source, length, start, found));
    }
  }
}
