package dev.longshore.cbt;

/// Takes the ranges of an answer, each checked.
@FunctionalInterface
public interface ExtentSink {
  /// @param length at least 1; the range is within the device
  void mark(long offset, long length);
}
