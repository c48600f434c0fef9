package dev.longshore.format.error;

/// Bytes that no version of the format could have written: damage, truncation or forgery.
public final class CorruptException extends FormatException {
  private static final long serialVersionUID = 1L;

  /// @param what the structure being decoded, for example `index v2`
  /// @param offset where in it, in bytes from its start; -1 where there is no such place
  /// @param problem expected against found, without user data
  public CorruptException(String what, long offset, String problem) {
    super(offset < 0 ? what + ": " + problem : what + " at byte " + offset + ": " + problem);
  }

  /// As above, for damage that another decoder found (a JSON parser, a decompressor).
  public CorruptException(String what, String problem, Throwable cause) {
    super(what + ": " + problem, cause);
  }
}
