package dev.longshore.engine.snapshot;

import dev.longshore.engine.source.IndexSort;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Entries of one directory in the order of their coming, packed: some 70 bytes and the name each,
/// so that a directory of millions fits.
///
/// | length | type | meaning |
/// |---|---|---|
/// | 1 | int | 0 for a directory, 1 for others: the first part of the sort key |
/// | 2 | uint | length of the name |
/// | n | bytes | name, raw |
/// | 1 | char | type, as it is stored; 0 for unknown |
/// | 4 | int | mode |
/// | 8 | long | size |
/// | 8 | long | mtime |
/// | 4 + 4 | uint | uid, gid |
/// | 4 | int | index of the summary, -1 for none |
/// | 1 | int | object id: indirection, + 128 if compressed |
/// | 1 + k | bytes | its content's key |
/// | 4 + n | bytes | [ExtraMetadata] as JSON; nothing for none |
///
/// What was added stays where it is, so a copy shares it. Not thread-safe; a copy may be read while
/// the original grows.
final class PackedEntries {
  private static final int FIRST_SEGMENT = 2 << 10;
  private static final int LAST_SEGMENT = 1 << 20;
  private static final int MAX_NAME = 0xffff;
  private static final int FIXED_BYTES = 1 + 2 + 1 + 4 + 8 + 8 + 4 + 4 + 4 + 1 + 1 + 4;
  private static final int COMPRESSED = 0x80;
  private static final byte[] NO_BYTES = {};

  private final List<ByteBuffer> segments;
  private final List<DirSummary> summaries;
  private long[] places;
  private int count;

  PackedEntries() {
    this(new ArrayList<>(), new ArrayList<>(), new long[16], 0);
  }

  private PackedEntries(
      List<ByteBuffer> segments, List<DirSummary> summaries, long[] places, int count) {
    this.segments = segments;
    this.summaries = summaries;
    this.places = places;
    this.count = count;
  }

  int count() {
    return count;
  }

  /// The entries so far, on their own from now on: what either adds, the other does not touch.
  PackedEntries copy() {
    List<ByteBuffer> shared = new ArrayList<>(segments);
    if (!shared.isEmpty()) {
      // Full, as far as the copy knows.
      shared.set(
          shared.size() - 1, shared.getLast().duplicate().limit(shared.getLast().position()));
    }
    return new PackedEntries(
        shared, new ArrayList<>(summaries), Arrays.copyOf(places, Math.max(16, count)), count);
  }

  /// Adds an entry.
  ///
  /// @throws IllegalArgumentException if its name is longer than 65,535 bytes, which no file system
  ///   allows
  void add(DirEntry entry) {
    byte[] name = RawText.encode(entry.name());
    if (name.length > MAX_NAME) {
      throw new IllegalArgumentException("a name of " + name.length + " bytes");
    }
    ContentId content = entry.objectId().contentId();
    int keyLength = content.keyLength();
    byte[] extra = encode(entry.extra());
    ByteBuffer out = room(FIXED_BYTES + name.length + keyLength + extra.length);
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
    }
    places[count++] = (long) (segments.size() - 1) << 32 | out.position();
    out.put((byte) (entry.type() == EntryType.DIRECTORY ? 0 : 1));
    out.putShort((short) name.length).put(name);
    out.put(code(entry.type())).putInt(entry.mode());
    out.putLong(entry.sizeBytes()).putLong(entry.mtimeNanos());
    out.putInt((int) entry.uid()).putInt((int) entry.gid());
    out.putInt(entry.summary().map(this::keep).orElse(-1));
    ObjectId object = entry.objectId();
    out.put((byte) (object.indirection() | (object.compressed() ? COMPRESSED : 0)));
    byte[] key = new byte[keyLength];
    content.copyKeyTo(key, 0);
    out.put((byte) keyLength).put(key);
    out.putInt(extra.length).put(extra);
  }

  private static byte[] encode(ExtraMetadata extra) {
    if (extra.isNone()) {
      return NO_BYTES;
    }
    GoJsonWriter json = new GoJsonWriter();
    extra.writeTo(json);
    return json.toByteArray();
  }

  private static ExtraMetadata decode(byte[] bytes) {
    if (bytes.length == 0) {
      return ExtraMetadata.NONE;
    }
    try (JsonInput json = JsonInput.of("entry", bytes)) {
      return ExtraMetadata.readFrom(json);
    } catch (CorruptException e) {
      throw new IllegalStateException(e); // written here
    }
  }

  private static byte code(EntryType type) {
    return type.code().isEmpty() ? 0 : (byte) type.code().charAt(0);
  }

  private int keep(DirSummary summary) {
    summaries.add(summary);
    return summaries.size() - 1;
  }

  private ByteBuffer room(int bytes) {
    if (segments.isEmpty() || segments.getLast().remaining() < bytes) {
      int size =
          segments.isEmpty()
              ? FIRST_SEGMENT
              : Math.min(LAST_SEGMENT, segments.getLast().capacity() * 2);
      segments.add(ByteBuffer.allocate(Math.max(size, bytes)));
    }
    return segments.getLast();
  }

  /// Indexes for [#get], in the order of a stored directory.
  int[] sorted() {
    return IndexSort.sort(count, this::compare);
  }

  private int compare(int a, int b) {
    byte[] left = segment(a).array();
    byte[] right = segment(b).array();
    int leftAt = offset(a);
    int rightAt = offset(b);
    if (left[leftAt] != right[rightAt]) {
      return left[leftAt] - right[rightAt];
    }
    int leftLength = nameLength(left, leftAt);
    int rightLength = nameLength(right, rightAt);
    return Arrays.compareUnsigned(
        left, leftAt + 3, leftAt + 3 + leftLength, right, rightAt + 3, rightAt + 3 + rightLength);
  }

  private static int nameLength(byte[] bytes, int at) {
    return (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
  }

  private ByteBuffer segment(int index) {
    return segments.get((int) (places[index] >>> 32));
  }

  private int offset(int index) {
    return (int) places[index];
  }

  /// The entry that came as number `index`.
  DirEntry get(int index) {
    ByteBuffer in = segment(index).duplicate().clear().position(offset(index) + 1);
    byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(name);
    EntryType type = EntryType.ofCode(String.valueOf((char) in.get()));
    int mode = in.getInt();
    long size = in.getLong();
    long mtime = in.getLong();
    long uid = Integer.toUnsignedLong(in.getInt());
    long gid = Integer.toUnsignedLong(in.getInt());
    int summary = in.getInt();
    int object = in.get();
    byte[] key = new byte[in.get()];
    in.get(key);
    byte[] extra = new byte[in.getInt()];
    in.get(extra);
    ObjectId id =
        new ObjectId(
            object & ~COMPRESSED & 0xff,
            (object & COMPRESSED) != 0,
            ContentId.ofKey(key, 0, key.length));
    return new DirEntry(
        RawText.decode(name),
        type,
        mode,
        size,
        mtime,
        uid,
        gid,
        id,
        summary < 0 ? null : summaries.get(summary),
        decode(extra));
  }
}
