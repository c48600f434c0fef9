package dev.longshore.cbt;

import static dev.longshore.cbt.MetadataException.invalid;

/// Checks what a service says before it is believed, and hands on the ranges that are right.
///
/// Within a stream, ranges ascend and do not overlap, and kind and capacity stay as they were, over
/// all streams. A stream that goes on where another was cut may begin with what is known already.
final class AnswerCheck {
  private static final int FIXED_LENGTH = 1;
  private static final int VARIABLE_LENGTH = 2;

  private final long deviceBytes;
  private final ExtentSink sink;
  private int type;
  private long capacity;
  private long endOfStream;
  private long position;
  private long extents;
  private long bytes;

  AnswerCheck(long deviceBytes, ExtentSink sink) {
    this.deviceBytes = deviceBytes;
    this.sink = sink;
  }

  /// Up to where everything is known.
  long position() {
    return position;
  }

  /// Ranges that were marked.
  long extents() {
    return extents;
  }

  /// Bytes in them; where streams overlap, counted twice.
  long bytes() {
    return bytes;
  }

  /// Another stream begins.
  void begin() {
    endOfStream = 0;
  }

  /// Takes a message as a whole, or nothing of it.
  void accept(MetadataMessage message) throws MetadataException {
    if (message.type() != FIXED_LENGTH && message.type() != VARIABLE_LENGTH) {
      throw invalid("blocks of the unknown kind " + message.type());
    }
    if (type != 0 && message.type() != type) {
      throw invalid("kind of blocks %d became %d".formatted(type, message.type()));
    }
    if (capacity != 0 && message.capacityBytes() != capacity) {
      throw invalid("capacity of %d bytes became %d".formatted(capacity, message.capacityBytes()));
    }
    if (message.capacityBytes() <= 0 || message.capacityBytes() > deviceBytes) {
      throw invalid(
          "capacity of %d bytes for a device of %d"
              .formatted(message.capacityBytes(), deviceBytes));
    }
    long end = endOfStream;
    for (Extent extent : message.extents()) {
      end = endOf(extent, end, message.capacityBytes());
    }
    type = message.type();
    capacity = message.capacityBytes();
    for (Extent extent : message.extents()) {
      sink.mark(extent.offset(), extent.length());
      extents++;
      bytes += extent.length();
    }
    endOfStream = end;
    position = Math.max(position, end);
  }

  private static long endOf(Extent extent, long before, long capacity) throws MetadataException {
    long offset = extent.offset();
    long length = extent.length();
    if (offset < 0 || length <= 0 || length > capacity || offset > capacity - length) {
      throw invalid("range %d+%d is not within %d bytes".formatted(offset, length, capacity));
    }
    if (offset < before) {
      throw invalid(
          "range %d+%d comes after one that ends at %d".formatted(offset, length, before));
    }
    return offset + length;
  }

  /// Whether nothing can follow, however the stream ended.
  boolean isAtEnd() {
    return capacity > 0 && position == capacity;
  }

  /// The answer is whole. What the service does not know of, the end of a device that is larger
  /// than the snapshot, counts as changed.
  void end() {
    if (capacity > 0 && capacity < deviceBytes) {
      sink.mark(capacity, deviceBytes - capacity);
    }
  }
}
