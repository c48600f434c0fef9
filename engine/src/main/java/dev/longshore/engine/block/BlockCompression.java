package dev.longshore.engine.block;

import dev.longshore.engine.policy.CompressionChoice;
import dev.longshore.engine.policy.EffectivePolicy;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.Optional;

/// Chooses the compression of a device's blocks.
public final class BlockCompression {
  private static final String SETTING = "compression.compressorName";

  private BlockCompression() {}

  /// What the source's policy says; where none says anything, what is as quick as reading.
  ///
  /// Kopia gives each new repository a global policy of no compression, which is nobody's choice:
  /// only one that is nearer to the source turns it off.
  public static Optional<Compression> of(EffectivePolicy policy) {
    Optional<Compression> chosen =
        Compression.byName(
            CompressionChoice.metadata(policy.policy().compression().compressorName()));
    boolean near =
        policy.definedBy(SETTING).filter(by -> !by.equals(SourceInfo.GLOBAL)).isPresent();
    return chosen.isPresent() || near ? chosen : BlockOptions.DEFAULTS.compression();
  }
}
