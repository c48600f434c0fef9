package dev.longshore.cbt;

import java.io.IOException;
import java.io.Serial;

/// A service did not tell which blocks there are, or not in a way that can be relied on.
public final class MetadataException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /// The code of answers that break the rules.
  public static final String INVALID = "INVALID_ANSWER";

  /// The code of a token that Kubernetes does not give.
  public static final String NO_TOKEN = "NO_TOKEN";

  private final String code;

  /// @param code gRPC's, such as `UNAVAILABLE`, or one of this class
  public MetadataException(String code, String message) {
    super(message);
    this.code = code;
  }

  static MetadataException invalid(String message) {
    return new MetadataException(INVALID, message);
  }

  /// gRPC's name of it, or one of this class.
  public String code() {
    return code;
  }
}
