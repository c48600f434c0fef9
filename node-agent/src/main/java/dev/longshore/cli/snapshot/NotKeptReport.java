package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.engine.snapshot.NotKept;
import dev.longshore.engine.snapshot.SnapshotResult;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.ArrayList;
import java.util.List;

/// Says what a source has and its snapshot does not.
final class NotKeptReport {
  private final Cli cli;

  NotKeptReport(Cli cli) {
    this.cli = cli;
  }

  /// @param isAsked whether attributes were to be kept
  void print(SourceInfo source, SnapshotResult result, boolean isAsked) {
    List<String> lost = lost(result.notKept());
    if (!lost.isEmpty()) {
      cli.notice("Not kept of " + source + ": " + String.join(", ", lost) + ".");
      if (!isAsked && hasAttributes(result.notKept())) {
        cli.notice("With --attributes, attributes, hard links and such names are kept.");
      }
    }
    if (result.actionsSkipped()) {
      cli.notice("The policy of " + source + " names actions; Longshore runs none.");
    }
  }

  private static boolean hasAttributes(NotKept notKept) {
    return notKept.extendedAttributes() > 0
        || notKept.accessControlLists() > 0
        || notKept.capabilities() > 0
        || notKept.hardLinks() > 0
        || notKept.names() > 0;
  }

  private static List<String> lost(NotKept notKept) {
    List<String> lost = new ArrayList<>();
    add(lost, notKept.extendedAttributes(), "extended attributes of %d entries");
    add(lost, notKept.accessControlLists(), "access-control lists of %d entries");
    add(lost, notKept.capabilities(), "capabilities of %d files");
    add(lost, notKept.hardLinks(), "hard links of %d files (stored as files of their own)");
    add(lost, notKept.specialFiles(), "%d fifos, sockets and devices");
    add(lost, notKept.names(), "bytes outside UTF-8 in %d names");
    return lost;
  }

  private static void add(List<String> lost, long count, String words) {
    if (count > 0) {
      lost.add(words.formatted(count));
    }
  }
}
