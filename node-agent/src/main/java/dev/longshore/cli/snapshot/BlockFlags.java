package dev.longshore.cli.snapshot;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.block.BlockOptions;
import dev.longshore.engine.block.BlockRequest;
import dev.longshore.engine.block.ParentChoice;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a block device, or the image of one, is backed up.
final class BlockFlags {
  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      description =
          "How a block device is kept: blocks (Velero's, of which only changes need be read) or"
              + " file (one file). Default: blocks for devices, file for image files.")
  String layout = "auto";

  @Option(
      names = "--changed-blocks",
      paramLabel = "FILE",
      description =
          "Read only these ranges, all that changed since --base; each line is"
              + " {\"offset\":BYTES,\"length\":BYTES}.")
  @Nullable Path changedBlocks;

  @Option(
      names = "--allocated-blocks",
      paramLabel = "FILE",
      description = "Without a usable list of changes, read only these ranges; the rest is zeros.")
  @Nullable Path allocatedBlocks;

  @Option(
      names = "--base",
      paramLabel = "ID",
      description =
          "The snapshot to build on, by its id or its --change-id; none for a full backup."
              + " Default: the newest of the source.")
  @Nullable String base;

  @Option(
      names = "--volume-id",
      paramLabel = "ID",
      description = "The volume as its storage calls it; lists of changes count only within one.")
  String volumeId = "";

  @Option(
      names = "--change-id",
      paramLabel = "ID",
      description =
          "A name for the state that is backed up: a later --base. An interrupted backup of the"
              + " same state goes on without reading again.")
  String changeId = "";

  @Option(
      names = "--verify-delta",
      paramLabel = "PERCENT",
      description =
          "Read this share of the blocks that the list leaves out, too; if one has changed, the"
              + " list is dropped and everything is compared.")
  double verifyPercent;

  /// Tells whether a source is kept in blocks.
  boolean isBlocks(Path source) {
    boolean device = isDevice(source);
    boolean blocks =
        switch (layout) {
          case "auto" -> device || changedBlocks != null || allocatedBlocks != null;
          case "blocks" -> true;
          case "file" -> false;
          default -> throw usage("--layout is blocks or file, not " + layout);
        };
    if (!blocks && any()) {
      throw usage("what is known of changed blocks is of use for --layout=blocks only");
    }
    return blocks;
  }

  /// Tells whether a path is of something that is neither a file nor a directory.
  static boolean isDevice(Path source) {
    try {
      return Files.readAttributes(source, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      return false; // opening it tells what is wrong
    }
  }

  private boolean any() {
    return changedBlocks != null
        || allocatedBlocks != null
        || base != null
        || verifyPercent != 0
        || !volumeId.isEmpty()
        || !changeId.isEmpty();
  }

  /// The backup that is asked for.
  BlockRequest request(
      SourceInfo source, String description, Map<String, String> tags, List<String> pins) {
    boolean tracked = changedBlocks != null || allocatedBlocks != null;
    return new BlockRequest(
        source,
        description,
        volumeId,
        changeId,
        parent(),
        tracked ? Optional.of(new BlockRanges(changedBlocks, allocatedBlocks)) : Optional.empty(),
        tags,
        pins);
  }

  /// How it runs.
  ///
  /// @param parallel reads at once; 0 for the usual number
  /// @param checkpoints time between them; null for the usual one
  BlockOptions options(int parallel, @Nullable Duration checkpoints) {
    BlockOptions usual = BlockOptions.DEFAULTS;
    try {
      return new BlockOptions(
          usual.compression(),
          parallel == 0 ? usual.readers() : parallel,
          verifyPercent,
          checkpoints == null ? usual.checkpointInterval() : checkpoints);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ParentChoice parent() {
    if (changedBlocks != null && base == null) {
      throw usage("--changed-blocks needs --base: since which snapshot?");
    }
    if (base == null) {
      return new ParentChoice.Newest();
    }
    if (base.equals("none")) {
      return new ParentChoice.None();
    }
    return base.length() == 32 && ManifestId.isValid(base)
        ? new ParentChoice.Snapshot(new ManifestId(base))
        : new ParentChoice.State(base);
  }

  private static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }
}
