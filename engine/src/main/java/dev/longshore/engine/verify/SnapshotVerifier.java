package dev.longshore.engine.verify;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import java.util.List;
import java.util.random.RandomGenerator;

/// Verifies trees: every object is looked at once, whatever number of snapshots share it, and every
/// content read once at most.
///
/// Looked at means: every content it needs has an index entry, and a pack that is there and long
/// enough. Directories and chunk lists are read; files on request. Memory: some 40 bytes for each
/// object and each content read, up to [dev.longshore.engine.concurrent.MemoryBudget#idBytes()],
/// and the names of the packs. Of what goes beyond that, some is looked at again.
public final class SnapshotVerifier {
  private final ObjectReader objects;
  private final ContentReader contents;
  private final BlobStore blobs;
  private final VerifyOptions options;
  private final RandomGenerator random;

  /// @param random picks the files that are read in full
  public SnapshotVerifier(Repository repository, VerifyOptions options, RandomGenerator random) {
    this(repository.objects(), repository.contents(), repository.blobs(), options, random);
  }

  SnapshotVerifier(
      ObjectReader objects,
      ContentReader contents,
      BlobStore blobs,
      VerifyOptions options,
      RandomGenerator random) {
    this.objects = objects;
    this.contents = contents;
    this.blobs = blobs;
    this.options = options;
    this.random = random;
  }

  /// A tree, or a single file, to verify.
  ///
  /// @param path shown before the paths of its entries
  public record Root(String path, DirEntry entry) {}

  /// Verifies.
  ///
  /// @throws RepositoryException if the store cannot be listed
  public VerifyResult verify(List<Root> roots, VerifyListener listener) throws RepositoryException {
    PackLengths packs = new PackLengths(blobs);
    listener.blobsListed(packs.listed());
    VerifyTally tally = new VerifyTally(listener, options.errorLimit());
    for (Root root : roots) {
      root.entry()
          .summary()
          .ifPresent(summary -> {
            tally.expectedObjects.add(summary.files() + summary.dirs() + summary.symlinks());
            tally.expectedFiles.add(summary.files());
            tally.expectedBytes.add(summary.size());
          });
    }
    try (VerifyWalk walk =
        new VerifyWalk(objects, contents, new VerifyWalk.Plan(packs, tally, options, random))) {
      walk.run(roots);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tally.stop();
    }
    tally.progress();
    return tally.result();
  }
}
