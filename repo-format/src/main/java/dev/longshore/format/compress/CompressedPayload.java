package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// A compressed content or object: what is encrypted in place of the plain bytes.
///
/// | offset | length | type | meaning |
/// | --- | --- | --- | --- |
/// | 0 | 4 | integer, big-endian | header id ([Compression#headerId]); the index entry repeats it |
/// | 4 | rest | bytes | the stream |
///
/// Only payloads that are strictly smaller than the plain bytes are stored.
///
/// Source: `repo/compression/compressor.go`, `repo/content/content_manager.go`,
/// `repo/object/object_writer.go`, commit 4ebb2be6c.
public final class CompressedPayload {
  /// Length of the header id.
  public static final int HEADER_BYTES = 4;

  private CompressedPayload() {}

  /// Compresses `data[offset..offset + length)` into a new array, if that makes it smaller.
  ///
  /// @return the payload, smaller than `length`; empty if it would not be
  public static Optional<byte[]> compress(
      Compression compression, byte[] data, int offset, int length) {
    if (length <= HEADER_BYTES) {
      return Optional.empty();
    }
    byte[] out = new byte[length - 1];
    int payloadLength = compress(compression, data, offset, length, out, 0);
    return payloadLength < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(out, payloadLength));
  }

  /// As above, into `out` from `outOffset` on, where there must be room for `length - 1` bytes.
  ///
  /// @return the length of the payload in bytes, smaller than `length`; -1 if it would not be
  public static int compress(
      Compression compression, byte[] data, int offset, int length, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(offset, length, data.length);
    int room = length - 1 - HEADER_BYTES;
    if (room <= 0) {
      return -1;
    }
    Objects.checkFromIndexSize(outOffset, length - 1, out.length);
    int id = compression.headerId();
    out[outOffset] = (byte) (id >>> 24);
    out[outOffset + 1] = (byte) (id >>> 16);
    out[outOffset + 2] = (byte) (id >>> 8);
    out[outOffset + 3] = (byte) id;
    int streamLength =
        compression
            .compressor()
            .compress(data, offset, length, out, outOffset + HEADER_BYTES, room);
    return streamLength < 0 ? -1 : HEADER_BYTES + streamLength;
  }

  /// The plain bytes of a content in index version 2, whose index entry has the header id and the
  /// plain length.
  ///
  /// @param headerId the entry's; the payload must begin with the same
  /// @return a new array of `plainLength` bytes
  /// @throws CorruptException if the payload is damaged or does not agree with the entry
  /// @throws UnsupportedFormatException if no compression has that id
  public static byte[] decompress(
      byte[] payload, int offset, int length, int headerId, int plainLength)
      throws FormatException {
    return compressionOf(payload, offset, length, headerId)
        .compressor()
        .decompress(payload, offset + HEADER_BYTES, length - HEADER_BYTES, plainLength);
  }

  /// As above, into `out` from `outOffset` on, where there must be room for `plainLength` bytes.
  /// The ranges must not overlap; after an exception the one of `out` may hold anything.
  ///
  /// @throws CorruptException if the payload is damaged or does not agree with the entry
  /// @throws UnsupportedFormatException if no compression has that id
  public static void decompress(
      byte[] payload,
      int offset,
      int length,
      int headerId,
      byte[] out,
      int outOffset,
      int plainLength)
      throws FormatException {
    compressionOf(payload, offset, length, headerId)
        .compressor()
        .decompress(
            payload, offset + HEADER_BYTES, length - HEADER_BYTES, out, outOffset, plainLength);
  }

  private static Compression compressionOf(byte[] payload, int offset, int length, int headerId)
      throws FormatException {
    int found = readHeaderId(payload, offset, length);
    if (found != headerId) {
      throw new CorruptException(
          "compressed payload",
          0,
          String.format("header id %#x, but the index entry has %#x", found, headerId));
    }
    return require(found);
  }

  /// The plain bytes of an object that was compressed in a format 1 repository: the payload alone
  /// says how.
  ///
  /// @return a new array of at most `maxPlainLength` bytes
  /// @throws CorruptException if the payload is damaged or holds more than `maxPlainLength` bytes
  /// @throws UnsupportedFormatException if no compression has its header id
  public static byte[] decompressUnknown(byte[] payload, int offset, int length, int maxPlainLength)
      throws FormatException {
    return require(readHeaderId(payload, offset, length))
        .compressor()
        .decompressUnknown(payload, offset + HEADER_BYTES, length - HEADER_BYTES, maxPlainLength);
  }

  private static int readHeaderId(byte[] payload, int offset, int length) throws CorruptException {
    Objects.checkFromIndexSize(offset, length, payload.length);
    if (length < HEADER_BYTES) {
      throw new CorruptException(
          "compressed payload", 0, "expected a header id of 4 bytes, found " + length + " bytes");
    }
    return (payload[offset] & 0xff) << 24
        | (payload[offset + 1] & 0xff) << 16
        | (payload[offset + 2] & 0xff) << 8
        | (payload[offset + 3] & 0xff);
  }

  private static Compression require(int headerId) throws UnsupportedFormatException {
    return Compression.byHeaderId(headerId)
        .orElseThrow(() ->
            new UnsupportedFormatException(
                "compression", String.format("%#x", headerId), "the ids of Kopia's 18"));
  }
}
