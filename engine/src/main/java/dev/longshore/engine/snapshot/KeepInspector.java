package dev.longshore.engine.snapshot;

import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.format.json.RawText;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/// Counts what entries have and the snapshot does not. Thread-safe.
final class KeepInspector {
  private final boolean keepsAll;
  private final Map<AttributeKind, LongAdder> attributes = new EnumMap<>(AttributeKind.class);
  private final LongAdder hardLinks = new LongAdder();
  private final LongAdder specialFiles = new LongAdder();
  private final LongAdder names = new LongAdder();

  KeepInspector(AttributeOptions options) {
    keepsAll = options.kept();
    for (AttributeKind kind : AttributeKind.values()) {
      attributes.put(kind, new LongAdder());
    }
  }

  void inspect(SourceEntry entry) {
    if (keepsAll) {
      return;
    }
    if (entry.status().links() > 1 && entry.status().kind() != FileKind.DIRECTORY) {
      hardLinks.increment();
    }
    if (!RawText.isText(entry.name())) {
      names.increment();
    }
  }

  void specialFile() {
    specialFiles.increment();
  }

  /// An entry has attributes of these kinds that are not kept, for whatever reason.
  void attributesLost(Set<AttributeKind> kinds) {
    for (AttributeKind kind : kinds) {
      count(kind).increment();
    }
  }

  private LongAdder count(AttributeKind kind) {
    return Objects.requireNonNull(attributes.get(kind));
  }

  NotKept result() {
    return new NotKept(
        sum(AttributeKind.PLAIN)
            + sum(AttributeKind.FOREIGN)
            + sum(AttributeKind.SELINUX)
            + sum(AttributeKind.BOUND),
        sum(AttributeKind.ACCESS_LIST) + sum(AttributeKind.FOREIGN_ACCESS_LIST),
        sum(AttributeKind.CAPABILITY),
        hardLinks.sum(),
        specialFiles.sum(),
        names.sum());
  }

  private long sum(AttributeKind kind) {
    return count(kind).sum();
  }
}
