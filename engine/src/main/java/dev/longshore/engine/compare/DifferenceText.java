package dev.longshore.engine.compare;

import dev.longshore.format.directory.Attribute;
import dev.longshore.format.directory.Attributes;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Differences in Kopia's words.
public final class DifferenceText {
  private DifferenceText() {}

  /// One line, without its end.
  public static String of(Difference difference) {
    String path = RawText.display(difference.path());
    return switch (difference) {
      case Difference.DirectoryAdded d -> "added directory " + path;
      case Difference.DirectoryRemoved d -> "removed directory " + path;
      case Difference.FileAdded d ->
          "added file %s (%d bytes)".formatted(path, d.entry().sizeBytes());
      case Difference.FileRemoved d ->
          "removed file %s (%d bytes)".formatted(path, d.entry().sizeBytes());
      case Difference.ModeChanged d ->
          "%s modes differ: %s %s".formatted(path, mode(d.oldEntry()), mode(d.newEntry()));
      case Difference.SizeChanged d ->
          "%s sizes differ: %d %d".formatted(path, d.oldSize(), d.newSize());
      case Difference.TimeChanged d ->
          "%s modification times differ: %s %s"
              .formatted(path, time(d.oldNanos()), time(d.newNanos()));
      case Difference.OwnerChanged d ->
          "%s owner users differ: %d %d".formatted(path, d.oldUid(), d.newUid());
      case Difference.GroupChanged d ->
          "%s owner groups differ: %d %d".formatted(path, d.oldGid(), d.newGid());
      case Difference.ExtraChanged d ->
          path + " " + String.join(", ", extras(d.oldExtra(), d.newExtra())) + " differ";
      case Difference.DirectoryBecameOther d ->
          "changed " + path + " from directory to non-directory";
      case Difference.OtherBecameDirectory d ->
          "changed " + path + " from non-directory to a directory";
      case Difference.ContentChanged d ->
          "changed %s at %s (size %d -> %d)"
              .formatted(
                  path,
                  time(d.newEntry().mtimeNanos()),
                  d.oldEntry().sizeBytes(),
                  d.newEntry().sizeBytes());
    };
  }

  private static List<String> extras(ExtraMetadata before, ExtraMetadata now) {
    List<String> differing = new ArrayList<>();
    Map<String, Attribute> old = byName(before.attributes());
    Map<String, Attribute> names = byName(now.attributes());
    old.forEach((name, attribute) -> {
      if (!names.containsKey(name)) {
        names.put(name, attribute);
      } else if (attribute.equals(names.get(name))) {
        names.remove(name);
      }
    });
    names.keySet().forEach(name -> differing.add("attribute " + RawText.display(name)));
    if (!before.attributesObject().equals(now.attributesObject()) && differing.isEmpty()) {
      differing.add("attributes");
    }
    if ((before.inode() == 0) != (now.inode() == 0)) {
      differing.add("links");
    }
    if (before.sparse() != now.sparse()) {
      differing.add("holes");
    }
    return differing;
  }

  private static Map<String, Attribute> byName(Attributes attributes) {
    Map<String, Attribute> names = new TreeMap<>();
    attributes.list().forEach(attribute -> names.put(attribute.name(), attribute));
    return names;
  }

  /// A mode as Go prints it: letters for kind, setuid, setgid and sticky (or `-`), then
  /// permissions.
  private static String mode(DirEntry entry) {
    StringBuilder text = new StringBuilder();
    if (entry.type() == EntryType.DIRECTORY) {
      text.append('d');
    } else if (entry.type() == EntryType.SYMLINK) {
      text.append('L');
    }
    append(text, entry.mode(), GoFileMode.SETUID, 'u');
    append(text, entry.mode(), GoFileMode.SETGID, 'g');
    append(text, entry.mode(), GoFileMode.STICKY, 't');
    if (text.isEmpty()) {
      text.append('-');
    }
    for (int i = 8; i >= 0; i--) {
      text.append((entry.mode() >> i & 1) == 0 ? '-' : "xwr".charAt(i % 3));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, int mode, int bit, char letter) {
    if ((mode & bit) != 0) {
      text.append(letter);
    }
  }

  /// A time as Go prints it: `2006-01-02 15:04:05.999999999 +0000 UTC`.
  private static String time(long nanos) {
    return GoTime.format(nanos).replace('T', ' ').replace("Z", " +0000 UTC");
  }
}
