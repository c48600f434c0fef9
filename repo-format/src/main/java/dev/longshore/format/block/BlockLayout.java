package dev.longshore.format.block;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.snapshot.SnapshotStats;
import java.util.List;

/// How a block device lies in a repository: a directory of one file, whose object is a list with an
/// entry for each MiB of the device.
///
/// | object | contents | bytes |
/// |---|---|---|
/// | block | one, without prefix | 1 MiB of the device; the last is filled up with zeros |
/// | list | prefix `x`, cut each 131072 bytes | [dev.longshore.format.object.IndirectObject], every entry of 1 MiB, none left out |
/// | list of the list's pieces | prefix `x` | only if the list is longer than 131072 bytes |
/// | directory | prefix `k` | one entry, and `null` for a summary |
///
/// The object of the device is `I` and the list's id. Its length is the device's, rounded up to
/// whole blocks; the exact size is in [BlockTags]. Nothing else tells a device from a file.
///
/// Source: velero d2241adba `pkg/uploader/block`, `pkg/repository/udmrepo/kopialib`; written with
/// kopia 4ebb2be6c and compared with what that reads.
public final class BlockLayout {
  /// Bytes of a block.
  public static final int BLOCK_BYTES = 1 << 20;

  /// The splitter of the list.
  public static final String LIST_SPLITTER = "FIXED-128K";

  /// The prefix of the list's contents.
  public static final char LIST_PREFIX = 'x';

  /// The prefix of the directory's content.
  public static final char DIRECTORY_PREFIX = 'k';

  /// What Velero describes its snapshots as.
  public static final String DESCRIPTION = "Block Uploader";

  /// What Velero pins its snapshots with, so that no retention policy of Kopia's takes them.
  public static final String PIN = "velero-pin";

  private static final int MODE = 0777;

  // An unset time of Go's wraps around to 1754 when it is stored, and ids depend on it.
  private static final long NO_TIME = GoTime.epochNanos(GoTime.ZERO);

  private BlockLayout() {}

  /// The length of the object of a device.
  ///
  /// @throws ArithmeticException beyond 63 bits
  public static long objectBytes(long deviceBytes) {
    return Math.addExact(deviceBytes, BLOCK_BYTES - 1) & -BLOCK_BYTES;
  }

  /// The name of the one file, which is the source's path without separators.
  public static String fileName(String sourcePath) {
    String name = sourcePath.replace('/', '-').replace('\\', '-');
    int start = 0;
    int end = name.length();
    while (start < end && name.charAt(start) == '-') {
      start++;
    }
    while (end > start && name.charAt(end - 1) == '-') {
      end--;
    }
    return name.substring(start, end);
  }

  /// The bytes of the directory.
  ///
  /// @param objectBytes whole blocks
  /// @param list the device's object
  public static byte[] directory(String sourcePath, long objectBytes, ObjectId list) {
    DirEntry file =
        new DirEntry(
            fileName(sourcePath), EntryType.FILE, MODE, objectBytes, NO_TIME, 0, 0, list, null);
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject().field("stream", "kopia:directory").name("entries").beginArray();
    file.writeTo(json);
    json.endArray().name("summary").nullValue().endObject().newline();
    return json.toByteArray();
  }

  /// The snapshot's root.
  ///
  /// @param directory the directory's object
  public static DirEntry root(long objectBytes, ObjectId directory) {
    DirSummary summary = new DirSummary(objectBytes, 0, 0, 0, 0, "", 0, 0, List.of());
    return new DirEntry("", EntryType.DIRECTORY, MODE, 0, NO_TIME, 0, 0, directory, summary);
  }

  /// The snapshot's counts, of which Velero reads the size.
  public static SnapshotStats stats(long objectBytes) {
    return new SnapshotStats(objectBytes, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
