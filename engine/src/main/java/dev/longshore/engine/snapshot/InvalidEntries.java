package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is put in the place of entries that cannot be read. Safe for use by many threads.
///
/// A stub is a file `.INVALID.NAME` with the entry's attributes that holds, as JSON, an `info`, the
/// `error` and the `entry` as it was.
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/dir_rewriter.go`.
public final class InvalidEntries {
  private static final String INFO =
      "Longshore put this stub in the place of the original entry because of an error.";

  /// What to do with an entry that cannot be read.
  public enum Handling {
    /// Leave it as it is.
    KEEP,
    /// Put a stub in its place.
    STUB,
    /// End with its fault.
    FAIL,
    /// Leave it out.
    REMOVE
  }

  private final RepositoryWriter writer;

  /// @param writer where stubs are written
  public InvalidEntries(RepositoryWriter writer) {
    this.writer = writer;
  }

  /// The entry to have in the place of another; null for none.
  ///
  /// @throws RepositoryException the fault, if that is how it is handled, or if it is the store
  ///   that failed, which says nothing about the entry; or if a stub cannot be written
  public @Nullable DirEntry replace(DirEntry entry, RepositoryException fault, Handling handling)
      throws RepositoryException {
    if (fault instanceof StoreException) {
      throw fault;
    }
    return switch (handling) {
      case KEEP -> entry;
      case STUB -> stub(entry, fault);
      case FAIL -> throw fault;
      case REMOVE -> null;
    };
  }

  private DirEntry stub(DirEntry entry, RepositoryException fault) throws RepositoryException {
    GoJsonWriter json = GoJsonWriter.indented();
    json.beginObject().field("info", INFO).field("error", String.valueOf(fault.getMessage()));
    entry.writeTo(json.name("entry"));
    byte[] text = json.endObject().newline().toByteArray();
    SourceInfo global = SourceInfo.GLOBAL;
    Optional<Compression> compression =
        FileUpload.metadataCompression(new Policies(writer.manifests()).effective(global).policy());
    ObjectOptions options =
        new ObjectOptions(ContentId.NO_PREFIX, Optional.empty(), compression, Optional.empty());
    try (ObjectWriter out = writer.objectWriters().open(options)) {
      out.write(text, 0, text.length);
      return new DirEntry(
          ".INVALID." + entry.name(),
          EntryType.FILE,
          entry.mode(),
          text.length,
          entry.mtimeNanos(),
          entry.uid(),
          entry.gid(),
          out.result(),
          null);
    }
  }
}
