package dev.longshore.format.error;

/// Bytes that are well formed but need something this build does not have: a newer version, an
/// unknown algorithm, a required feature.
public final class UnsupportedFormatException extends FormatException {
  private static final long serialVersionUID = 1L;

  /// @param what the structure or setting, for example `format version`
  /// @param found the value that was read
  /// @param supported what this build understands, in words
  public UnsupportedFormatException(String what, String found, String supported) {
    super(what + " " + found + " is not supported (supported: " + supported + ")");
  }
}
