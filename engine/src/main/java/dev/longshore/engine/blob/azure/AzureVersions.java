package dev.longshore.engine.blob.azure;

import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.remote.BlobVersions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// What blobs of a container were, where it keeps versions.
///
/// @param retrier for the pages of lists
record AzureVersions(AzureContainer container, AzureReads reads, Retrier retrier)
    implements BlobVersions {
  private static final BlobListDetails DETAILS =
      new BlobListDetails()
          .setRetrieveMetadata(true)
          .setRetrieveVersions(true)
          .setRetrieveDeletedBlobsWithVersions(true);

  @Override
  public boolean newestFirst() {
    return false;
  }

  /// Nothing to ask: a list of a container without versions shows none.
  @Override
  public void check() {}

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    reads.list(
        prefix,
        DETAILS,
        retrier,
        item -> {
          Optional<BlobMetadata> blob = reads.listed(item);
          if (blob.isPresent()) {
            visitor.visit(version(item, blob.get()));
          }
        });
  }

  /// A deletion has a version of its own, with the time of the version that was deleted: the later
  /// of its two times counts.
  private static Version version(BlobItem item, BlobMetadata blob) throws UnsupportedException {
    String key = item.getVersionId();
    if (key == null || key.isEmpty()) {
      throw new UnsupportedException("point in time: the container keeps no versions");
    }
    boolean deleted = Boolean.TRUE.equals(item.hasVersionsOnly());
    Instant since = blob.timestamp();
    if (deleted) {
      try {
        Instant own = Instant.parse(key);
        since = own.isAfter(since) ? own : since;
      } catch (DateTimeException e) {
        throw new UnsupportedException("point in time: a version without a time", e);
      }
    }
    return new Version(blob, key, since, deleted);
  }

  private String address(Version version) {
    return container
        .client()
        .getBlobVersionClient(container.prefix() + version.blob().id().value(), version.key())
        .getBlobUrl();
  }

  @Override
  public byte[] get(Version version) throws RepositoryException {
    return reads.get(version.blob().id(), address(version));
  }

  @Override
  public void getRange(Version version, long offset, ByteBuffer into) throws RepositoryException {
    reads.getRange(version.blob().id(), address(version), offset, into);
  }
}
