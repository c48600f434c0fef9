package dev.longshore.engine.repair;

import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.content.IndexRecovery;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Writes contents anew that error correction had to mend, and damaged ones of which another copy
/// is left: in a pack that an older index blob names, or that only the pack itself tells of.
///
/// Old copies are left by maintenance, for some days, and by clients that wrote the same data at
/// the same time. What is written has a later time, and wins over what was there, in Kopia too.
public final class ContentRepair {
  private final Repository repository;
  private final DamageNotes notes;
  private final Set<ContentId> healed = new HashSet<>();
  private long rewritten;

  /// What was done.
  ///
  /// @param rewritten contents that error correction had brought back, and are sound now
  /// @param restored damaged contents that were written anew from another copy
  /// @param lost damaged contents of which no sound copy was found
  public record Result(long rewritten, long restored, long lost) {}

  /// @param bad damaged contents, with their entries in force
  /// @param absent contents without an entry
  private record Wanted(Map<ContentId, IndexEntry> bad, Set<ContentId> absent) {
    boolean includes(ContentId id) {
      return bad.containsKey(id) || absent.contains(id);
    }

    Stream<ContentId> all() {
      return Stream.concat(bad.keySet().stream(), absent.stream()).distinct();
    }
  }

  private ContentRepair(Repository repository, DamageNotes notes) {
    this.repository = repository;
    this.notes = notes;
  }

  /// Repairs what can be repaired; the notes keep what cannot.
  ///
  /// @throws UnsupportedException on a read-only connection
  public static Result run(Repository repository, DamageNotes notes) throws RepositoryException {
    if (repository.client().readOnly()) {
      throw new UnsupportedException("the connection is read-only: nothing can be repaired");
    }
    return new ContentRepair(repository, notes).run();
  }

  private Result run() throws RepositoryException {
    Wanted wanted = new Wanted(notes.bad(), notes.absent());
    ContentStore contents = repository.contents();
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (ContentId id : notes.mended()) {
        rewrite(session, id);
      }
      if (!wanted.bad.isEmpty()) {
        fromIndexBlobs(contents, session, wanted);
      }
      if (!wanted.all().allMatch(healed::contains)) {
        fromPacks(contents, session, wanted);
      }
      if (!healed.isEmpty()) {
        session.flush();
      }
    }
    long restored = healed.size() - rewritten;
    notes.forget(healed);
    return new Result(rewritten, restored, wanted.all().count() - restored);
  }

  private void rewrite(ContentSession session, ContentId id) throws RepositoryException {
    try {
      session.rewrite(id);
      healed.add(id);
      rewritten++;
    } catch (DamagedException | NotFoundException e) {
      // It got worse since, or is gone: the next verification tells.
    }
  }

  private void fromIndexBlobs(ContentStore contents, ContentSession session, Wanted wanted)
      throws RepositoryException {
    for (BlobMetadata blob : contents.allIndexBlobs()) {
      try {
        for (IndexEntry copy : copies(contents, blob, wanted)) {
          tryCopy(session, copy, wanted);
        }
      } catch (DamagedException | NotFoundException | UnsupportedException e) {
        // One that is of no use here.
      }
    }
  }

  private static List<IndexEntry> copies(ContentStore contents, BlobMetadata blob, Wanted wanted)
      throws RepositoryException {
    Set<IndexEntry> found = new HashSet<>();
    contents
        .readIndexBlob(blob.id())
        .forEach(entry -> {
          if (wanted.includes(entry.contentId())) {
            found.add(entry);
          }
        });
    return List.copyOf(found);
  }

  private void fromPacks(ContentStore contents, ContentSession session, Wanted wanted)
      throws RepositoryException {
    contents
        .recovery()
        .recoverAll(
            new IndexRecovery.Listener() {
              @Override
              public void recovered(BlobMetadata pack, List<IndexEntry> entries)
                  throws RepositoryException {
                for (IndexEntry entry : entries) {
                  tryCopy(session, entry, wanted);
                }
              }

              @Override
              public void failed(BlobMetadata pack, RepositoryException fault) {
                // A pack that does not tell has nothing to give.
              }
            });
  }

  private void tryCopy(ContentSession session, IndexEntry copy, Wanted wanted)
      throws RepositoryException {
    IndexEntry known = wanted.bad.get(copy.contentId());
    if (!wanted.includes(copy.contentId())
        || healed.contains(copy.contentId())
        || (known != null && isSamePlace(known, copy))) {
      return;
    }
    try {
      session.restoreFrom(copy);
      healed.add(copy.contentId());
    } catch (DamagedException | NotFoundException | UnsupportedException e) {
      // Another copy may be better.
    }
  }

  private static boolean isSamePlace(IndexEntry one, IndexEntry other) {
    return one.packBlobId().equals(other.packBlobId()) && one.packOffset() == other.packOffset();
  }
}
