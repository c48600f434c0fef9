package dev.longshore.engine.snapshot;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// What a shallow restore leaves in place of an entry: its stored form, in the file
/// `NAME.kopia-entry`, or for a directory in `NAME.kopia-entry/.kopia-entry`. A snapshot takes it
/// for the entry itself, under the name that the placeholder has now.
///
/// Source: kopia 4ebb2be6c `fs/localfs/shallow_fs.go`.
final class Placeholder {
  private static final String SUFFIX = DirEntry.PLACEHOLDER_SUFFIX;
  private static final int MAX_BYTES = 1 << 20;

  private Placeholder() {}

  /// Tells whether an entry must be a placeholder.
  static boolean isOne(SourceEntry entry) {
    return entry.name().length() > SUFFIX.length()
        && entry.name().endsWith(SUFFIX)
        && (entry instanceof SourceFile || entry instanceof SourceDirectory);
  }

  /// The name of the entry that a placeholder stands for.
  static String nameOf(SourceEntry placeholder) {
    String name = placeholder.name();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /// The entry that a placeholder stands for.
  ///
  /// @throws IOException if it cannot be read, or names what the repository does not have
  static DirEntry read(SourceEntry placeholder, ObjectReader objects, ContentReader contents)
      throws IOException {
    DirEntry entry;
    try (JsonInput json = JsonInput.of("placeholder", bytes(placeholder))) {
      entry = DirEntry.readFrom(json);
      json.finish();
    }
    verify(entry.objectId(), placeholder, objects, contents);
    return entry.withName(nameOf(placeholder));
  }

  private static byte[] bytes(SourceEntry placeholder) throws IOException {
    switch (placeholder) {
      case SourceFile file -> {
        return bytes(file);
      }
      case SourceDirectory directory -> {
        try (SourceListing listing = directory.open()) {
          if (listing.find(SUFFIX).orElse(null) instanceof SourceFile file) {
            return bytes(file);
          }
        }
      }
      default -> {}
    }
    throw new IOException(
        "can't read placeholder: no " + SUFFIX + " in " + RawText.display(placeholder.name()));
  }

  private static byte[] bytes(SourceFile file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (SourceReader reader = file.open()) {
      for (int n = reader.read(buffer, 0, buffer.length);
          n >= 0;
          n = reader.read(buffer, 0, buffer.length)) {
        bytes.write(buffer, 0, n);
        if (bytes.size() > MAX_BYTES) {
          throw new IOException("a placeholder of more than " + MAX_BYTES + " bytes");
        }
      }
    }
    return bytes.toByteArray();
  }

  /// What a placeholder names is as foreign as any file of the source: if the repository does not
  /// have it, or it is no object, that is a fault of the entry and not of the repository.
  private static void verify(
      ObjectId id, SourceEntry placeholder, ObjectReader objects, ContentReader contents)
      throws IOException {
    try {
      objects.forEachContent(
          id,
          content -> {
            if (contents.find(content).filter(found -> !found.deleted()).isEmpty()) {
              throw new NotFoundException("content " + content);
            }
          });
    } catch (NotFoundException | DamagedException e) {
      throw new IOException(
          "invalid placeholder for "
              + RawText.display(nameOf(placeholder))
              + ": the repository does not have all of "
              + id,
          e);
    }
  }
}
