package dev.longshore.cli.snapshot;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.attribute.MetadataPolicy;
import picocli.CommandLine.Option;

/// What is saved and restored beside what Kopia has a place for.
final class AttributeFlags {
  @Option(
      names = "--attributes",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Extended attributes, access-control lists, capabilities, hard links and holes.")
  boolean attributes;

  @Option(names = "--selinux", negatable = true, description = "Labels of SELinux as well.")
  boolean selinux;

  @Option(
      names = "--attribute-failures",
      paramLabel = "fail|warn|ignore",
      defaultValue = "warn",
      description = "What to do about those that cannot be read or set (default: warn).")
  MetadataPolicy failures = MetadataPolicy.WARN;

  AttributeOptions options() {
    return new AttributeOptions(attributes, selinux, failures);
  }
}
