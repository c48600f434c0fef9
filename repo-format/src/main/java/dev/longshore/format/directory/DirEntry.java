package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One entry of a directory, or the root of a snapshot.
///
/// | field | type | meaning | absent |
/// |---|---|---|---|
/// | `name` | string | one component, by rule | if "" |
/// | `type` | string | `f`, `d` or `s` | if unknown |
/// | `mode` | string | see [GoFileMode] | if 0 |
/// | `size` | integer | bytes of a file, or of a link's target | if 0 |
/// | `mtime` | time | modification | if exactly 1970 |
/// | `uid`, `gid` | integer | owner, 32 bits | if 0 |
/// | `obj` | string | object id of content, listing or link target | never |
/// | `summ` | object | [DirSummary] of a directory, or of a snapshot that is one file | |
/// | `longshore` | object | [ExtraMetadata], which Kopia passes over | if there is none |
///
/// Source: kopia 4ebb2be6c `snapshot/manifest.go` (`DirEntry`); all versions.
///
/// @param name as [RawText] has it: an invalid byte is a lone surrogate until it is stored, where
///   it becomes U+FFFD for good, unless the extra metadata have the name's bytes. A name that was
///   read may be anything, see [#isSafeName].
/// @param mode Go's bits, see [GoFileMode]
/// @param sizeBytes 0 for a directory
/// @param mtimeNanos nanoseconds since 1970, wrapped to 64 bits
/// @param uid 0 to 2^32 - 1
/// @param gid 0 to 2^32 - 1
/// @param summaryOrNull the summary if there is one
/// @param extra what Kopia has no place for
public record DirEntry(
    String name,
    EntryType type,
    int mode,
    long sizeBytes,
    long mtimeNanos,
    long uid,
    long gid,
    ObjectId objectId,
    @Nullable DirSummary summaryOrNull,
    ExtraMetadata extra) {
  /// Kopia's order inside a directory: directories first, then by the bytes of the name.
  public static final Comparator<DirEntry> ORDER =
      (left, right) -> {
        boolean leftDir = left.type == EntryType.DIRECTORY;
        if (leftDir != (right.type == EntryType.DIRECTORY)) {
          return leftDir ? -1 : 1;
        }
        return RawText.compare(left.name, right.name);
      };

  /// What the name of a placeholder ends with: a file, or a folder with a file of just this name,
  /// that holds the stored form of an entry instead of the entry.
  public static final String PLACEHOLDER_SUFFIX = ".kopia-entry";

  private static final long MAX_ID = 0xffff_ffffL;
  private static final int MAX_NAME_BYTES = 255;
  private static final JsonFields FIELDS =
      JsonFields.of(
          "name",
          "type",
          "mode",
          "size",
          "mtime",
          "uid",
          "gid",
          "obj",
          "summ",
          ExtraMetadata.FIELD);

  /// @throws IllegalArgumentException if a number is out of its range
  public DirEntry {
    if (sizeBytes < 0 || uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID || mode < 0) {
      throw new IllegalArgumentException(
          "entry of size " + sizeBytes + ", mode " + mode + ", owner " + uid + ":" + gid);
    }
  }

  /// An entry with nothing that Kopia has no place for.
  public DirEntry( // as many as Kopia's entry has
      String name,
      EntryType type,
      int mode,
      long sizeBytes,
      long mtimeNanos,
      long uid,
      long gid,
      ObjectId objectId,
      @Nullable DirSummary summaryOrNull) {
    this(
        name,
        type,
        mode,
        sizeBytes,
        mtimeNanos,
        uid,
        gid,
        objectId,
        summaryOrNull,
        ExtraMetadata.NONE);
  }

  /// The summary, which directories have.
  public Optional<DirSummary> summary() {
    return Optional.ofNullable(summaryOrNull);
  }

  /// The same entry under another name.
  public DirEntry withName(String newName) {
    return new DirEntry(
        newName,
        type,
        mode,
        sizeBytes,
        mtimeNanos,
        uid,
        gid,
        objectId,
        summaryOrNull,
        newName.equals(name) ? extra : extra.withoutName());
  }

  /// The same entry with other extra metadata.
  public DirEntry withExtra(ExtraMetadata other) {
    return new DirEntry(
        name, type, mode, sizeBytes, mtimeNanos, uid, gid, objectId, summaryOrNull, other);
  }

  /// Tells whether the name can be a file's name inside its directory and nothing else: not empty,
  /// `.` or `..`, no slash, no NUL, at most 255 bytes. Velero's block snapshots break this on
  /// purpose (`/dev/...`); whoever restores decides what to do then.
  public boolean isSafeName() {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0
        && RawText.encode(name).length <= MAX_NAME_BYTES;
  }

  /// Writes the entry as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject();
    writeFields(json);
    json.endObject();
  }

  /// Writes the entry's fields into the object that is open.
  public void writeFields(GoJsonWriter json) {
    json.fieldUnlessEmpty("name", name).fieldUnlessEmpty("type", type.code());
    if (mode != 0) {
      json.field("mode", GoFileMode.format(mode));
    }
    json.fieldUnlessZero("size", sizeBytes);
    if (mtimeNanos != 0) {
      json.name("mtime").time(mtimeNanos);
    }
    json.fieldUnlessZero("uid", uid).fieldUnlessZero("gid", gid).field("obj", objectId.toString());
    if (summaryOrNull != null) {
      summaryOrNull.writeTo(json.name("summ"));
    }
    if (!extra.isNone()) {
      extra.writeTo(json.name(ExtraMetadata.FIELD));
    }
  }

  /// Reads the value due, an object.
  ///
  /// @throws CorruptException if it is not an entry
  public static DirEntry readFrom(JsonInput json) throws CorruptException {
    String name = "";
    EntryType type = EntryType.UNKNOWN;
    int mode = 0;
    long size = 0;
    long mtime = 0;
    long uid = 0;
    long gid = 0;
    String object = "";
    DirSummary summary = null;
    ExtraMetadata extra = ExtraMetadata.NONE;
    if (!json.beginObject()) {
      throw json.corrupt("expected an entry, found nothing");
    }
    for (String field = json.nextField(FIELDS); field != null; field = json.nextField(FIELDS)) {
      switch (field) {
        case "name" -> name = json.string();
        case "type" -> type = EntryType.ofCode(json.string());
        case "mode" -> mode = readMode(json);
        case "size" -> size = json.integer(0, Long.MAX_VALUE);
        case "mtime" -> mtime = json.timeNanos();
        case "uid" -> uid = json.integer(0, MAX_ID);
        case "gid" -> gid = json.integer(0, MAX_ID);
        case "obj" -> object = json.string();
        case "summ" -> summary = json.isNull() ? null : DirSummary.readFrom(json);
        case ExtraMetadata.FIELD -> extra = ExtraMetadata.readFrom(json);
        default -> json.skip();
      }
    }
    ObjectId id =
        ObjectId.parse(object).orElseThrow(() -> json.corrupt("the entry has no valid object id"));
    DirEntry entry = new DirEntry(name, type, mode, size, mtime, uid, gid, id, summary, extra);
    return entry.withExactName();
  }

  /// What was read, under the exact name that it says, if the name is text that stands for it.
  DirEntry withExactName() {
    String exact = extra.exactNameOrNull();
    if (exact == null) {
      return this;
    }
    boolean possible = !RawText.isText(exact) && RawText.display(exact).equals(name);
    return possible ? withName(exact).withExtra(extra) : withExtra(extra.withoutName());
  }

  private static int readMode(JsonInput json) throws CorruptException {
    if (json.isNull()) {
      return 0;
    }
    return GoFileMode.parse(json.string()).orElseThrow(() -> json.corrupt("not a file mode"));
  }
}
