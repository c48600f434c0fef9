package dev.longshore.engine.source;

import java.io.IOException;

/// An open file. One thread only.
public interface SourceReader extends AutoCloseable {
  /// Reads on; returns the count, -1 at the end.
  int read(byte[] target, int offset, int length) throws IOException;

  /// Passes over a hole that begins here; returns its length, 0 if there is data here or the end.
  /// What it passes over reads as zeros.
  ///
  /// @param limit pass over so many bytes at most
  long skipHole(long limit) throws IOException;

  /// Goes to a place in the file; beyond its end nothing is read.
  void seek(long position) throws IOException;

  /// Tells whether the file is no longer as its entry said: bytes of two versions may have been
  /// read.
  boolean changed() throws IOException;

  @Override
  void close();
}
