package dev.longshore.format.object;

import dev.longshore.format.id.ObjectId;

/// One part of an indirect object.
///
/// @param start where the part begins in the object, in bytes
/// @param length its plain length in bytes; 0 happens, where a file's size is a multiple of the
///   part size of a parallel upload
/// @param object the object that holds the part, direct as a rule
public record IndirectEntry(long start, long length, ObjectId object) {
  /// @throws IllegalArgumentException if the range is not one of 63 bits
  public IndirectEntry {
    if (start < 0 || length < 0 || start > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("indirect entry " + start + "+" + length);
    }
  }

  /// The offset just behind the part.
  public long end() {
    return start + length;
  }
}
