package dev.longshore.mover.upkeep;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// The blob `udmrepo.Repository` with which Velero marks a repository that is ready for use: the
/// JSON `{"uniqueID":"…"}`, in base64 what `kopia.repository` has as its unique id.
///
/// Source: Velero 1.18 `pkg/repository/udmrepo/kopialib/repo_init.go`.
final class RepositoryMarker {
  static final BlobId BLOB = new BlobId("udmrepo.Repository");

  private static final int MAX_BYTES = 64 << 10;
  private static final String FIELD = "uniqueID";

  private RepositoryMarker() {}

  /// Reads the unique id; empty if there is no marker.
  ///
  /// @throws MoverFailure if it is not one
  static Optional<byte[]> read(BlobStore store) throws RepositoryException, MoverFailure {
    Optional<BlobMetadata> found = store.metadata(BLOB);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get().lengthBytes() <= MAX_BYTES) {
      try {
        Json.Obj json = JsonCodec.parseObject(new ByteArrayInputStream(store.get(BLOB)));
        if (json.get(FIELD) instanceof Json.Str(String text)) {
          return Optional.of(Base64.getDecoder().decode(text));
        }
      } catch (RepositoryException e) {
        throw e;
      } catch (IOException | IllegalArgumentException e) {
        // Told below.
      }
    }
    throw new MoverFailure(
        Reasons.REPOSITORY_MISMATCH, BLOB + " does not hold the id of a repository", false);
  }

  static void write(BlobStore store, byte[] uniqueId) throws RepositoryException {
    Json.Obj json = Json.Obj.of(FIELD, new Json.Str(Base64.getEncoder().encodeToString(uniqueId)));
    store.put(BLOB, ByteBuffer.wrap(JsonCodec.writeBytes(json)), PutOptions.NONE);
  }

  /// @throws MoverFailure if a marker is of another repository
  static void check(byte[] marked, byte[] uniqueId) throws MoverFailure {
    if (!Arrays.equals(marked, uniqueId)) {
      throw new MoverFailure(
          Reasons.REPOSITORY_MISMATCH,
          "%s is of another repository than kopia.repository: one of them was overwritten"
              .formatted(BLOB),
          false);
    }
  }
}
