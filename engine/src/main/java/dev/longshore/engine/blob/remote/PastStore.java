package dev.longshore.engine.blob.remote;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.ReadOnlyStore;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A store as it was at a time, which nobody can change: of each blob the newest version that is
/// not younger, unless it says that the blob was deleted.
///
/// Reading a blob costs a request more than in the present, once: which version counts is kept for
/// some thousand blobs.
///
/// Source: kopia 4ebb2be6c `repo/blob/s3/s3_pit.go`, `repo/blob/azure/azure_pit.go`.
public final class PastStore extends ForwardingStore {
  private static final int KEPT = 4096;

  private final BlobVersions versions;
  private final Instant time;
  private final Map<BlobId, BlobVersions.Version> kept = new LinkedHashMap<>();
  private volatile boolean checked;

  /// @param present the same place now; closed together with this store
  /// @param versions of the same place
  public PastStore(BlobStore present, BlobVersions versions, Instant time) {
    super(new ReadOnlyStore(present));
    this.versions = versions;
    this.time = time;
  }

  /// The time that a setting means.
  ///
  /// @param text as RFC 3339 has it
  /// @throws StoreException if it is none
  public static Instant time(String text) throws StoreException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new StoreException(
          "point in time: not a time such as 2026-01-02T15:04:05Z", Retry.NEVER);
    }
  }

  private void check() throws RepositoryException {
    if (!checked) {
      versions.check();
      checked = true;
    }
  }

  /// Picks the version that counts out of those of one blob.
  private final class Choice {
    private BlobVersions.@Nullable Version best;

    void consider(BlobVersions.Version version) {
      if (version.since().isAfter(time)) {
        return;
      }
      BlobVersions.Version other = best;
      int order = other == null ? 1 : version.since().compareTo(other.since());
      if (order > 0 || (order == 0 && !versions.newestFirst())) {
        best = version;
      }
    }

    BlobVersions.@Nullable Version counts() {
      return best == null || best.deleted() ? null : best;
    }
  }

  private BlobVersions.Version version(String what, BlobId id) throws RepositoryException {
    synchronized (kept) {
      BlobVersions.Version known = kept.get(id);
      if (known != null) {
        return known;
      }
    }
    check();
    Choice choice = new Choice();
    versions.list(
        id.value(),
        version -> {
          if (version.blob().id().equals(id)) {
            choice.consider(version);
          }
        });
    BlobVersions.Version found = choice.counts();
    if (found == null) {
      throw new NotFoundException(what + " " + id + ": it was not there at " + time);
    }
    synchronized (kept) {
      if (kept.size() >= KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
      kept.put(id, found);
    }
    return found;
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return versions.get(version("get", id));
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    byte[] bytes = new byte[length];
    getRange(id, offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    BlobVersions.Version version = version("get", id);
    if (offset < 0 || offset > version.blob().lengthBytes() - into.remaining()) {
      throw HttpReply.outOfRange("get " + id, offset, into.remaining());
    }
    if (into.hasRemaining()) {
      versions.getRange(version, offset, into);
    }
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    try {
      return Optional.of(version("stat", id).blob());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    check();
    Walk walk = new Walk(visitor);
    versions.list(prefix, walk);
    walk.end();
  }

  /// Goes through versions, blob by blob.
  private final class Walk implements BlobVersions.Visitor {
    private final Visitor visitor;
    private Choice choice = new Choice();
    private @Nullable BlobId id;

    Walk(Visitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public void visit(BlobVersions.Version version) throws RepositoryException {
      if (!version.blob().id().equals(id)) {
        end();
        id = version.blob().id();
        choice = new Choice();
      }
      choice.consider(version);
    }

    void end() throws RepositoryException {
      BlobVersions.Version found = choice.counts();
      if (found != null) {
        visitor.visit(found.blob());
      }
    }
  }
}
