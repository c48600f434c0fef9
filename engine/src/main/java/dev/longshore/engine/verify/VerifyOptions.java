package dev.longshore.engine.verify;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.PackWindow;

/// How thorough a verification is.
///
/// @param filesPercent how many of the files are read in full, 0 to 100, picked at random
/// @param maxErrors stop after so many; 0 counts as 1, as in Kopia; negative for never
/// @param parallel threads that read
/// @param budgetBytes stored and plain bytes in flight, at most (one content is always let through)
/// @param check what is proved of the contents of files that are read
/// @param window of the contents of files that are read, those in these packs
public record VerifyOptions(
    double filesPercent,
    int maxErrors,
    int parallel,
    long budgetBytes,
    ContentCheck check,
    PackWindow window) {
  /// Files that are read, are read in full.
  public VerifyOptions(
      double filesPercent, int maxErrors, int parallel, long budgetBytes, ContentCheck check) {
    this(filesPercent, maxErrors, parallel, budgetBytes, check, PackWindow.ALL);
  }

  /// Kopia's defaults: nothing read in full, stop at the first error. In flight is the process's
  /// share of memory.
  public static final VerifyOptions DEFAULTS =
      new VerifyOptions(0, 0, 8, MemoryBudget.ofProcess().transferBytes(), ContentCheck.AUTHENTIC);

  /// The number of errors that ends a verification.
  int errorLimit() {
    return maxErrors < 0 ? Integer.MAX_VALUE : Math.max(1, maxErrors);
  }

  /// @throws IllegalArgumentException on a percentage outside 0 to 100, or a limit below 1
  public VerifyOptions {
    if (!(filesPercent >= 0 && filesPercent <= 100) || parallel < 1 || budgetBytes < 1) {
      throw new IllegalArgumentException(
          "percent " + filesPercent + ", parallel " + parallel + ", budget " + budgetBytes);
    }
  }
}
