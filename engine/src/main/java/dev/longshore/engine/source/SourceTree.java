package dev.longshore.engine.source;

/// What a snapshot is made of. Safe for use by many threads.
public interface SourceTree extends AutoCloseable {
  /// The top: a directory, file or stream.
  SourceEntry root();

  @Override
  void close();
}
