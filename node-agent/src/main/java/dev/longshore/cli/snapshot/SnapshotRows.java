package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.Modes;
import dev.longshore.cli.output.Percentages;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Retention;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.verify.StorageStats;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The lines of `snapshot list` for one source.
final class SnapshotRows {
  /// What a line shows.
  record Columns(
      boolean incomplete,
      boolean human,
      boolean delta,
      boolean manifestIds,
      boolean mtime,
      boolean owner,
      boolean showIdentical) {
    Columns(ListSnapshotsCommand command) {
      this(
          command.incomplete,
          command.human,
          command.delta,
          command.manifestIds,
          command.mtime,
          command.owner,
          command.showIdentical);
    }
  }

  /// A line, and how many snapshots it stands for.
  private static final class Row {
    final ObjectId root;
    final long firstNanos;
    final String bits;
    final List<String> reasons;
    final TreeSet<String> pins;
    long lastNanos;
    int count = 1;

    Row(SnapshotManifest snapshot, ObjectId root, String bits, List<String> reasons) {
      this.root = root;
      this.firstNanos = snapshot.startNanos();
      this.lastNanos = firstNanos;
      this.bits = bits;
      this.reasons = new ArrayList<>(reasons);
      this.pins = new TreeSet<>(snapshot.pins());
    }
  }

  private final Cli cli;
  private final SnapshotTree tree;
  private final Columns columns;
  private final List<String> below;
  private final List<Row> rows = new ArrayList<>();
  private long lastTotal;

  /// @param below the entry to show, as a path from the root
  SnapshotRows(Cli cli, SnapshotTree tree, Columns columns, List<String> below) {
    this.cli = cli;
    this.tree = tree;
    this.columns = columns;
    this.below = below;
  }

  void print(List<ListedSnapshot> snapshots) {
    for (ListedSnapshot snapshot : snapshots) {
      if (snapshot.manifest().isComplete() || columns.incomplete()) {
        add(snapshot);
      }
    }
    rows.forEach(this::print);
  }

  private void add(ListedSnapshot listed) {
    SnapshotManifest snapshot = listed.manifest();
    DirEntry entry;
    try {
      entry = tree.nested(SnapshotTree.root(snapshot), below);
    } catch (RepositoryException e) {
      cli.out()
          .println(
              Text.visible(
                  "  %s <ERROR> %s".formatted(time(snapshot.startNanos()), e.getMessage())));
      return;
    }
    var row = new Row(snapshot, entry.objectId(), bits(listed, entry), listed.reasons());
    if (snapshot.isComplete()) {
      lastTotal = snapshot.stats().totalSize();
    }
    Row last = rows.isEmpty() ? null : rows.getLast();
    if (columns.showIdentical() || last == null || !last.root.equals(row.root)) {
      rows.add(row);
      return;
    }
    last.count++;
    last.lastNanos = row.lastNanos;
    last.reasons.addAll(row.reasons);
    last.pins.addAll(row.pins);
  }

  private String bits(ListedSnapshot listed, DirEntry entry) {
    SnapshotManifest snapshot = listed.manifest();
    Optional<DirSummary> summary = entry.summary();
    List<String> bits = new ArrayList<>();
    if (!snapshot.isComplete()) {
      bits.add("incomplete:" + snapshot.incomplete());
    }
    long size = summary.map(DirSummary::size).orElse(entry.sizeBytes());
    bits.add(columns.human() ? cli.sizes().bytes(size) : Long.toString(size));
    bits.add(Modes.text(entry.type(), entry.mode()));
    if (columns.owner()) {
      bits.add("uid:" + entry.uid());
      bits.add("gid:" + entry.gid());
    }
    if (columns.mtime()) {
      bits.add("modified:" + time(entry.mtimeNanos()));
    }
    if (columns.manifestIds()) {
      bits.add("manifest:" + snapshot.id().map(ManifestId::value).orElse(""));
    }
    if (columns.delta()) {
      long grown = size - lastTotal;
      bits.add(grown > 0 ? "(+" + cli.sizes().bytes(grown) + ")" : "");
    }
    summary.ifPresent(s -> {
      bits.add("files:" + s.files());
      bits.add("dirs:" + s.dirs());
      if (s.numFailed() > 0) {
        bits.add("errors:" + s.numFailed());
      }
    });
    listed.storage().map(StorageStats::newData).ifPresent(added -> addStorage(bits, added));
    return String.join(" ", bits);
  }

  private void addStorage(List<String> bits, StorageStats.Usage added) {
    bits.add("new-data:" + cli.sizes().bytes(added.packedContentBytes()));
    bits.add("new-files:" + added.fileObjects());
    bits.add("new-dirs:" + added.dirObjects());
    bits.add(
        "compression:"
            + Percentages.saved(added.originalContentBytes(), added.packedContentBytes()));
  }

  private String time(long nanos) {
    return cli.times().seconds(Instant.ofEpochSecond(0, nanos));
  }

  private void print(Row row) {
    var line = new StringBuilder();
    line.append("  ").append(time(row.firstNanos)).append(' ').append(row.root).append(' ');
    line.append(row.bits);
    if (!row.reasons.isEmpty()) {
      line.append(" (").append(String.join(",", Retention.compact(row.reasons))).append(')');
    }
    if (!row.pins.isEmpty()) {
      line.append(" pins:").append(String.join(",", row.pins));
    }
    cli.out().println(Text.visible(line.toString()));
    if (row.count > 1) {
      cli.out()
          .println(
              "  + %d identical snapshots until %s".formatted(row.count - 1, time(row.lastNanos)));
    }
  }
}
