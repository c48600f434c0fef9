package dev.longshore.cbt;

import org.jspecify.annotations.Nullable;

/// An answer as it comes. For one thread.
public interface MetadataStream extends AutoCloseable {
  /// Waits for the next message.
  ///
  /// @return null when the answer has ended as a whole: the only proof of that
  /// @throws MetadataException if it ended in another way
  @Nullable MetadataMessage next() throws MetadataException, InterruptedException;

  /// Gives up what is still to come.
  @Override
  void close();
}
