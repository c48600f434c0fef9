package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.ArrayList;
import java.util.List;

/// What a directory holds, counted over its whole tree. Stored at the end of the directory and
/// again in the entry that names it, so a reader needs no second object to show totals.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `size` | integer | bytes of all files |
/// | `files`, `symlinks`, `dirs` | integer | entries of each kind; `dirs` counts the directory itself |
/// | `maxTime` | time | newest modification |
/// | `incomplete` | string | why the tree is not whole; absent if it is |
/// | `numFailed` | integer | entries left out because of errors |
/// | `numIgnoredErrors` | integer | errors the policy told to ignore; absent for 0 |
/// | `errors` | array of `{path,error}` | both kinds, by path; absent if none |
///
/// Source: kopia 4ebb2be6c `fs/entry.go` (`DirectorySummary`).
///
/// @param maxTimeNanos nanoseconds since 1970
/// @param incomplete "" for a whole tree
public record DirSummary(
    long size,
    long files,
    long symlinks,
    long dirs,
    long maxTimeNanos,
    String incomplete,
    long numFailed,
    long numIgnoredErrors,
    List<EntryError> errors) {
  private static final JsonFields FIELDS =
      JsonFields.of(
          "size",
          "files",
          "symlinks",
          "dirs",
          "maxTime",
          "incomplete",
          "numFailed",
          "numIgnoredErrors",
          "errors");
  private static final JsonFields ERROR = JsonFields.of("path", "error");

  public DirSummary {
    errors = List.copyOf(errors);
  }

  /// Writes the summary as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject()
        .field("size", size)
        .field("files", files)
        .field("symlinks", symlinks)
        .field("dirs", dirs)
        .name("maxTime")
        .time(maxTimeNanos)
        .fieldUnlessEmpty("incomplete", incomplete)
        .field("numFailed", numFailed)
        .fieldUnlessZero("numIgnoredErrors", numIgnoredErrors);
    if (!errors.isEmpty()) {
      json.name("errors").beginArray();
      for (EntryError error : errors) {
        json.beginObject().field("path", error.path()).field("error", error.error()).endObject();
      }
      json.endArray();
    }
    json.endObject();
  }

  /// Reads the value due, an object.
  ///
  /// @throws CorruptException if it is not a summary
  public static DirSummary readFrom(JsonInput json) throws CorruptException {
    long size = 0;
    long files = 0;
    long symlinks = 0;
    long dirs = 0;
    long maxTime = 0;
    String incomplete = "";
    long failed = 0;
    long ignored = 0;
    List<EntryError> errors = List.of();
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "size" -> size = json.integer(0, Long.MAX_VALUE);
          case "files" -> files = json.integer(0, Long.MAX_VALUE);
          case "symlinks" -> symlinks = json.integer(0, Long.MAX_VALUE);
          case "dirs" -> dirs = json.integer(0, Long.MAX_VALUE);
          case "maxTime" -> maxTime = json.timeNanos();
          case "incomplete" -> incomplete = json.string();
          case "numFailed" -> failed = json.integer(0, Long.MAX_VALUE);
          case "numIgnoredErrors" -> ignored = json.integer(0, Long.MAX_VALUE);
          case "errors" -> errors = readErrors(json);
          default -> json.skip();
        }
      }
    }
    return new DirSummary(
        size, files, symlinks, dirs, maxTime, incomplete, failed, ignored, errors);
  }

  private static List<EntryError> readErrors(JsonInput json) throws CorruptException {
    List<EntryError> errors = new ArrayList<>();
    if (json.beginArray()) {
      while (json.nextElement()) {
        if (json.beginObject()) {
          String path = "";
          String error = "";
          for (String name = json.nextField(ERROR); name != null; name = json.nextField(ERROR)) {
            switch (name) {
              case "path" -> path = json.string();
              case "error" -> error = json.string();
              default -> json.skip();
            }
          }
          errors.add(new EntryError(path, error));
        }
      }
    }
    return errors;
  }
}
