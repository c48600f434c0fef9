package dev.longshore.engine.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The file by which a directory says that it is a cache (Cache Directory Tagging Specification).
///
/// With `ignoreCacheDirs`, which is the default, a directory with a valid tag is stored as an empty
/// one.
public final class CacheDirTag {
  /// The file's name.
  public static final String NAME = "CACHEDIR.TAG";

  /// How many bytes of it count.
  public static final int LENGTH = 43;

  private static final byte[] SIGNATURE =
      "Signature: 8a477f597d28d172789f06886806bc55".getBytes(StandardCharsets.US_ASCII);

  private CacheDirTag() {}

  /// Tells whether these first bytes of the file make it a tag.
  public static boolean isValid(byte[] head) {
    return head.length >= LENGTH && Arrays.equals(head, 0, LENGTH, SIGNATURE, 0, LENGTH);
  }
}
