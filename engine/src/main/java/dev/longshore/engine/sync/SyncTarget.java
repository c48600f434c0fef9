package dev.longshore.engine.sync;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.FormatBlob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// The destination's claim to be a copy of this repository and of no other.
///
/// The format blob is copied last: until then the place is no repository, and whoever opens it is
/// told so rather than shown a part. In the meantime a marker says whose copy it is to become.
final class SyncTarget {
  private final BlobStore destination;
  private final String uniqueId;

  /// Whether the destination is no repository yet.
  private final boolean isNew;

  private SyncTarget(BlobStore destination, String uniqueId, boolean isNew) {
    this.destination = destination;
    this.uniqueId = uniqueId;
    this.isNew = isNew;
  }

  /// Looks at both sides.
  ///
  /// @throws ExistsException if the destination holds another repository, or other data
  /// @throws NotFoundException if it must hold the repository and does not
  static SyncTarget check(BlobStore source, BlobStore destination, boolean mustExist)
      throws RepositoryException {
    String place = destination.description().displayName();
    String own =
        uniqueId(source)
            .orElseThrow(() ->
                new NotFoundException(
                    "there is no repository in " + source.description().displayName()));
    Optional<String> there = uniqueId(destination);
    if (there.isPresent()) {
      if (!there.get().equals(own)) {
        throw new ExistsException(
            "there is another repository in "
                + place
                + " (its unique id begins with "
                + there.get().substring(0, 8)
                + ", this one's with "
                + own.substring(0, 8)
                + "): nothing was copied");
      }
      return new SyncTarget(destination, own, false);
    }
    if (mustExist) {
      throw new NotFoundException("there is no repository in " + place);
    }
    checkEmpty(destination, own, place);
    return new SyncTarget(destination, own, true);
  }

  private static Optional<String> uniqueId(BlobStore store) throws RepositoryException {
    Optional<BlobMetadata> found = store.metadata(BlobKinds.FORMAT);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get().lengthBytes() > FormatBlob.MAX_BYTES) {
      throw new DamagedException(
          BlobKinds.FORMAT + " has " + found.get().lengthBytes() + " bytes, which is too many");
    }
    try {
      byte[] id = FormatBlob.parse(store.get(BlobKinds.FORMAT)).uniqueId();
      return Optional.of(HexFormat.of().formatHex(id));
    } catch (FormatException e) {
      throw Faults.unreadable(BlobKinds.FORMAT + " in " + store.description().displayName(), e);
    }
  }

  private static void checkEmpty(BlobStore destination, String uniqueId, String place)
      throws RepositoryException {
    Optional<BlobMetadata> marker = destination.metadata(BlobKinds.MARKER);
    if (marker.isPresent()) {
      boolean same =
          marker.get().lengthBytes() == uniqueId.length()
              && uniqueId.equals(
                  new String(destination.get(BlobKinds.MARKER), StandardCharsets.ISO_8859_1));
      if (!same) {
        throw new ExistsException(
            "there is an unfinished copy of another repository in "
                + place
                + ": nothing was copied");
      }
      return;
    }
    destination.list(
        "",
        blob -> {
          if (!BlobKinds.isForeign(blob.id())) {
            throw new ExistsException(
                "there are data in "
                    + place
                    + ", for example "
                    + blob.id()
                    + ", but no repository: nothing was copied");
          }
        });
  }

  boolean isNew() {
    return isNew;
  }

  /// Says that a copy begins, unless the place is a repository, which does no harm to packs that
  /// are more than it needs.
  void claim() throws RepositoryException {
    if (isNew) {
      mark();
    }
  }

  /// Says that index blobs are added one by one, so that what they show need not be whole.
  void announce() throws RepositoryException {
    if (!isNew) {
      mark();
    }
  }

  private void mark() throws RepositoryException {
    destination.put(
        BlobKinds.MARKER,
        ByteBuffer.wrap(uniqueId.getBytes(StandardCharsets.ISO_8859_1)),
        PutOptions.NONE);
  }

  /// All is there: nobody needs the marker.
  void release() throws RepositoryException {
    if (destination.metadata(BlobKinds.MARKER).isPresent()) {
      destination.delete(BlobKinds.MARKER);
    }
  }
}
