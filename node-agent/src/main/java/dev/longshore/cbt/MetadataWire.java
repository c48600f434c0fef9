package dev.longshore.cbt;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The messages of the service in protobuf's encoding, version 3, by hand: two requests and one
/// answer do not pay for a compiler in the build.
///
/// | Message | Fields |
/// |---|---|
/// | `GetMetadataAllocatedRequest` | 1 token, 2 namespace, 3 snapshot, 4 starting offset, 5 max results |
/// | `GetMetadataDeltaRequest` | 1 token, 2 namespace, 3 base handle, 4 snapshot, 5 starting offset, 6 max results |
/// | both answers | 1 type, 2 capacity, 3 repeated: 1 offset, 2 length |
///
/// Strings are UTF-8; numbers are varints, negative ones of ten bytes; what is 0 or empty is left
/// out. `max results` is not sent: the driver decides.
///
/// Source: external-snapshot-metadata 739e81f, `proto/schema.proto`.
final class MetadataWire {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final int MAX_VARINT_BITS = 64;

  private MetadataWire() {}

  static byte[] request(MetadataQuery query, String token, long startingOffset) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int field = 1;
    text(out, field++, token);
    text(out, field++, query.namespace());
    if (query instanceof MetadataQuery.Delta(String _, String base, String _)) {
      text(out, field++, base);
    }
    text(out, field++, query.snapshot());
    if (startingOffset != 0) {
      varint(out, ((long) field << 3) | VARINT);
      varint(out, startingOffset);
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, int field, String text) {
    if (text.isEmpty()) {
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varint(out, ((long) field << 3) | BYTES);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /// Reads an answer. Fields that nobody here knows are passed over; a known one of another type
  /// would mean blocks that are not seen, and is refused.
  ///
  /// @param in read to its end
  static MetadataMessage answer(ByteBuffer in) throws MetadataException {
    int type = 0;
    long capacity = 0;
    List<Extent> extents = new ArrayList<>();
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) (tag >>> 3)) {
        case 1 -> type = Math.clamp(number(in, tag), -1, Integer.MAX_VALUE);
        case 2 -> capacity = number(in, tag);
        case 3 -> extents.add(extent(bytes(in, tag)));
        default -> pass(in, tag);
      }
    }
    return new MetadataMessage(type, capacity, extents);
  }

  private static Extent extent(ByteBuffer in) throws MetadataException {
    long offset = 0;
    long length = 0;
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) (tag >>> 3)) {
        case 1 -> offset = number(in, tag);
        case 2 -> length = number(in, tag);
        default -> pass(in, tag);
      }
    }
    return new Extent(offset, length);
  }

  private static long number(ByteBuffer in, long tag) throws MetadataException {
    require((tag & 7) == VARINT, in);
    return varint(in);
  }

  private static ByteBuffer bytes(ByteBuffer in, long tag) throws MetadataException {
    require((tag & 7) == BYTES, in);
    long length = varint(in);
    require(length >= 0 && length <= in.remaining(), in);
    ByteBuffer part = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return part;
  }

  private static void pass(ByteBuffer in, long tag) throws MetadataException {
    require(tag >>> 3 > 0 && tag >>> 3 < 1 << 29, in);
    switch ((int) (tag & 7)) {
      case VARINT -> varint(in);
      case BYTES -> bytes(in, tag);
      case FIXED_64 -> skip(in, Long.BYTES);
      case FIXED_32 -> skip(in, Integer.BYTES);
      default -> require(false, in);
    }
  }

  private static void skip(ByteBuffer in, int count) throws MetadataException {
    require(in.remaining() >= count, in);
    in.position(in.position() + count);
  }

  private static long varint(ByteBuffer in) throws MetadataException {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      require(in.hasRemaining(), in);
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed(in);
  }

  private static void require(boolean holds, ByteBuffer in) throws MetadataException {
    if (!holds) {
      throw malformed(in);
    }
  }

  private static MetadataException malformed(ByteBuffer in) {
    return MetadataException.invalid("a message cannot be decoded near byte " + in.position());
  }
}
