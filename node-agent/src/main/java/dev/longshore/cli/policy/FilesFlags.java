package dev.longshore.cli.policy;

import dev.longshore.format.policy.FilesPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which files are backed up.
final class FilesFlags {
  @Option(names = "--add-ignore", paramLabel = "PATTERN", description = "Add to the ignore rules.")
  List<String> addIgnore = List.of();

  @Option(
      names = "--remove-ignore",
      paramLabel = "PATTERN",
      description = "Remove from the ignore rules.")
  List<String> removeIgnore = List.of();

  @Option(names = "--clear-ignore", description = "Remove all ignore rules.")
  boolean clearIgnore;

  @Option(
      names = "--add-dot-ignore",
      paramLabel = "NAME",
      description = "Add a file name that holds ignore rules.")
  List<String> addDotIgnore = List.of();

  @Option(names = "--remove-dot-ignore", paramLabel = "NAME", description = "Remove such a name.")
  List<String> removeDotIgnore = List.of();

  @Option(names = "--clear-dot-ignore", description = "Remove all such names.")
  boolean clearDotIgnore;

  @Option(names = "--max-file-size", paramLabel = "SIZE", description = "Leave out larger files.")
  @Nullable String maxFileSize;

  @Option(
      names = "--one-file-system",
      paramLabel = "BOOLEAN",
      description = "Do not enter other file systems.")
  @Nullable String oneFileSystem;

  @Option(
      names = "--ignore-cache-dirs",
      paramLabel = "BOOLEAN",
      description = "Leave out what is in cache directories.")
  @Nullable String ignoreCacheDirs;

  FilesPolicy apply(FilesPolicy old, Edits edits) {
    return new FilesPolicy(
        edits.list(
            "ignored files",
            old.ignoreRules(),
            new Edits.ListFlags(clearIgnore, addIgnore, removeIgnore)),
        old.noParentIgnoreRules(),
        edits.list(
            "dot-ignore file names",
            old.dotIgnoreFiles(),
            new Edits.ListFlags(clearDotIgnore, addDotIgnore, removeDotIgnore)),
        old.noParentDotIgnoreFiles(),
        edits.flag("ignoring of cache directories", old.ignoreCacheDirs(), ignoreCacheDirs),
        edits.size("maximum file size", old.maxFileSizeBytes(), maxFileSize),
        edits.flag("staying in one file system", old.oneFileSystem(), oneFileSystem));
  }
}
