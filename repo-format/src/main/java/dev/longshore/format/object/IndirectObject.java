package dev.longshore.format.object;

import dev.longshore.format.error.CorruptException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// The list of parts that makes up an object of more than one chunk.
///
/// | field | type | meaning | limit |
/// |---|---|---|---|
/// | `stream` | string | `kopia:indirect` | exact |
/// | `entries[].s` | integer | start in bytes, absent for 0 | end of the part before |
/// | `entries[].l` | integer | length in bytes, absent for 0 | sum under 2^63 |
/// | `entries[].o` | string | object id | |
///
/// Compact JSON in this order and a line feed. Stored as an object of its own, whose id with an `I`
/// in front names the whole; a list that is itself too long for one chunk gets a list too (`II`). A
/// part of length 0 is legal: parallel upload of a file whose size is a multiple of the part size
/// ends with one.
///
/// Source: kopia 4ebb2be6c `repo/object/indirect.go`, `object_writer.go`, `object_reader.go`; all
/// versions.
///
/// @param entries the parts in order, at least one, each where the one before ends
public record IndirectObject(List<IndirectEntry> entries) {
  /// The name in the `stream` field.
  public static final String STREAM = "kopia:indirect";

  /// @throws IllegalArgumentException if there is no part or a gap
  public IndirectObject {
    entries = List.copyOf(entries);
    if (entries.isEmpty()) {
      throw new IllegalArgumentException("an indirect object without parts");
    }
    long at = 0;
    for (IndirectEntry entry : entries) {
      if (entry.start() != at) {
        throw new IllegalArgumentException("part at " + entry.start() + " instead of " + at);
      }
      at = entry.end();
    }
  }

  /// The object's length in bytes.
  public long length() {
    return entries.getLast().end();
  }

  /// The index of the part that holds a byte.
  ///
  /// @param offset at least 0 and less than [#length]
  public int partAt(long offset) {
    if (offset < 0 || offset >= length()) {
      throw new IndexOutOfBoundsException(offset + " of " + length());
    }
    int low = 0;
    int high = entries.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).end() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The stored bytes.
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      IndirectObjectWriter writer = new IndirectObjectWriter(out);
      for (IndirectEntry entry : entries) {
        writer.add(entry.length(), entry.object());
      }
      writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return out.toByteArray();
  }

  /// Reads the stored bytes.
  ///
  /// @throws CorruptException if they are not such a list
  public static IndirectObject decode(byte[] bytes) throws CorruptException {
    List<IndirectEntry> entries = new ArrayList<>();
    try (IndirectObjectReader reader = new IndirectObjectReader(bytes)) {
      for (IndirectEntry entry = reader.next(); entry != null; entry = reader.next()) {
        entries.add(entry);
      }
    } catch (CorruptException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return new IndirectObject(entries);
  }
}
