package dev.longshore.cli.snapshot;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.attribute.MetadataPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is saved and restored beside what Kopia has a place for.
final class AttributeFlags {
  @Option(
      names = "--attributes",
      negatable = true,
      description =
          "Extended attributes, access-control lists, capabilities, hard links and holes. Default:"
              + " they are restored where a snapshot has them, and saved if $LONGSHORE_ATTRIBUTES"
              + " is true; else snapshots are Kopia's, byte for byte.")
  @Nullable Boolean attributes;

  @Option(names = "--selinux", negatable = true, description = "Labels of SELinux as well.")
  boolean selinux;

  @Option(
      names = "--attribute-failures",
      paramLabel = "fail|warn|ignore",
      defaultValue = "warn",
      description = "What to do about those that cannot be read or set (default: warn).")
  MetadataPolicy failures = MetadataPolicy.WARN;

  /// @param byDefault whether they are kept if nothing is said
  AttributeOptions options(boolean byDefault) {
    boolean kept = attributes == null ? byDefault : attributes;
    return new AttributeOptions(kept, selinux, failures);
  }
}
