package dev.longshore.engine.policy;

import dev.longshore.format.json.RawText;
import dev.longshore.format.policy.CompressionPolicy;
import java.util.List;

/// Chooses the compressor of a file.
///
/// `onlyCompress` restricts nothing, whatever its name says: it only excepts extensions from
/// `neverCompress`.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/compression_policy.go`.
public final class CompressionChoice {
  /// A policy's word for no compression; "" means the same.
  public static final String NONE = "none";

  private CompressionChoice() {}

  /// The name of the compressor of a file, "" for none.
  ///
  /// @param name the file's name; its extension is what follows the last dot, the dot included
  /// @param sizeBytes 0 for a stream of unknown size
  public static String forFile(CompressionPolicy policy, String name, long sizeBytes) {
    String compressor = metadata(policy.compressorName());
    long min = policy.minSizeBytes();
    long max = policy.maxSizeBytes();
    if (compressor.isEmpty() || (min > 0 && sizeBytes < min) || (max > 0 && sizeBytes > max)) {
      return "";
    }
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot);
    boolean only = isIn(policy.onlyCompress(), extension);
    return only || !isIn(policy.neverCompress(), extension) ? compressor : "";
  }

  /// The name of the compressor of directories and lists, "" for none.
  ///
  /// @param compressorName as a policy has it
  public static String metadata(String compressorName) {
    return compressorName.equals(NONE) ? "" : compressorName;
  }

  /// Kopia's binary search: in a list that is not sorted it may miss what is there.
  private static boolean isIn(List<String> sorted, String extension) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (RawText.compare(sorted.get(middle), extension) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < sorted.size() && sorted.get(low).equals(extension);
  }
}
