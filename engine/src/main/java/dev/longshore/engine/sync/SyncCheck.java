package dev.longshore.engine.sync;

/// How it is made sure that the destination has what the source has.
public enum SyncCheck {
  /// The destination is listed again: every copy is there and as long as its original.
  LENGTH,
  /// Besides, each copy is read back and compared.
  CONTENT,
  /// Besides, what was there before is read on both sides and compared; what differs is copied
  /// anew.
  ALL
}
