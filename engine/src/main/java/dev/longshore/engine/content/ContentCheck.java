package dev.longshore.engine.content;

/// What is proved of a content's bytes before they are handed on.
public enum ContentCheck {
  /// They are those that were sealed under this id: the cipher's key comes from the id, and its tag
  /// covers the id and every byte.
  AUTHENTIC,
  /// That, and they have the hash that the id is made of: what was sealed was what had been hashed.
  HASHED
}
