package dev.longshore.cli.policy;

import dev.longshore.format.policy.CompressionPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How contents are compressed.
final class CompressionFlags {
  @Option(
      names = "--compression",
      paramLabel = "ALGO",
      description = "Compressor of files: none, zstd, zstd-fastest, s2-default, gzip, …")
  @Nullable String compressor;

  @Option(
      names = "--metadata-compression",
      paramLabel = "ALGO",
      description = "Compressor of directories.")
  @Nullable String metadataCompressor;

  @Option(
      names = "--compression-min-size",
      paramLabel = "SIZE",
      description = "Do not compress smaller files.")
  @Nullable String minSize;

  @Option(
      names = "--compression-max-size",
      paramLabel = "SIZE",
      description = "Do not compress larger files.")
  @Nullable String maxSize;

  @Option(
      names = "--add-only-compress",
      paramLabel = "EXT",
      description = "Add an extension that is compressed even if it is in the never-compress list.")
  List<String> addOnly = List.of();

  @Option(
      names = "--remove-only-compress",
      paramLabel = "EXT",
      description = "Remove such an extension.")
  List<String> removeOnly = List.of();

  @Option(names = "--clear-only-compress", description = "Remove all such extensions.")
  boolean clearOnly;

  @Option(
      names = "--add-never-compress",
      paramLabel = "EXT",
      description = "Add an extension that is not compressed.")
  List<String> addNever = List.of();

  @Option(
      names = "--remove-never-compress",
      paramLabel = "EXT",
      description = "Remove such an extension.")
  List<String> removeNever = List.of();

  @Option(names = "--clear-never-compress", description = "Remove all such extensions.")
  boolean clearNever;

  CompressionPolicy apply(CompressionPolicy old, Edits edits) {
    return new CompressionPolicy(
        edits.name("compression algorithm", old.compressorName(), compressor),
        edits.list(
            "only-compress extensions",
            old.onlyCompress(),
            new Edits.ListFlags(clearOnly, addOnly, removeOnly)),
        old.noParentOnlyCompress(),
        edits.list(
            "never-compress extensions",
            old.neverCompress(),
            new Edits.ListFlags(clearNever, addNever, removeNever)),
        old.noParentNeverCompress(),
        edits.size("compression min size", old.minSizeBytes(), minSize),
        edits.size("compression max size", old.maxSizeBytes(), maxSize));
  }
}
