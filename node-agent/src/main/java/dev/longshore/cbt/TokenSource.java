package dev.longshore.cbt;

/// Where tokens come from. For one thread.
public interface TokenSource {
  /// A token that is good for another while.
  String token() throws MetadataException;

  /// The last one was refused: the next is to be another.
  void discard();
}
