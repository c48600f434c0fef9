package dev.longshore.engine.simulation;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Retention;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotCreator;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotRequest;
import dev.longshore.engine.snapshot.UploadOptions;
import dev.longshore.engine.snapshot.UploadProgress;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes snapshots of a changing tree, deletes some, and lets old ones expire. Uploads are spread
/// over up to three hours.
class Writer extends Actor {
  /// Longer uploads are not protected without checkpoints, which this simulation has none of: its
  /// time is not the checkpoints'. Collections that agree are more than four hours apart.
  private static final Duration LONGEST = Duration.ofHours(4);

  private static final Duration SLOWEST_SOURCE = Duration.ofHours(3);
  private static final Duration SLOWEST_FILE = Duration.ofHours(1);
  private static final RetentionPolicy FEW = new RetentionPolicy(3L, 0L, 0L, 0L, 0L, 0L, false);

  private final SourceModel source;
  private final SourceInfo info;

  Writer(World world, Base base, Rules rules, String name, SourceModel source) {
    super(world, base, name, rules.writers());
    this.source = source;
    this.info = new SourceInfo(name, "user", "/src");
  }

  @Override
  final Duration rest() {
    return switch (random().nextInt(10)) {
      case 0, 1, 2 -> Duration.ofMinutes(1 + random().nextInt(60));
      case 3, 4, 5, 6 -> Duration.ofMinutes(60 + random().nextInt(420));
      default -> Duration.ofMinutes(480 + random().nextInt(960));
    };
  }

  @Override
  final void act(Client client) throws IOException {
    switch (random().nextInt(10)) {
      case 0, 1 -> deleteAny(client);
      case 2 -> expire(client);
      default -> create(client);
    }
  }

  private void create(Client client) throws IOException {
    for (int i = random().nextInt(7); i > 0; i--) {
      source.change();
    }
    Map<String, SourceModel.File> files = source.files();
    String name = world().ledger().begin(SourceModel.bytes(files));
    client.process().trace("makes " + name + " of " + files.keySet());
    Instant start = world().time().now();
    WriteOptions options = new WriteOptions("snapshot", 1 + random().nextInt(2), 64L << 20);
    try (RepositoryWriter writer = client.repository().openWriter(options);
        SourceTree tree = SourceModel.tree(files, pace(client.process()))) {
      create(writer, tree, files, new Snapshot(info, name));
      if (!isOverdue(start)) {
        client.process().trace("has finished " + name);
        world().ledger().finished(name);
      }
    } finally {
      if (isOverdue(start)) {
        world().ledger().giveUp(name);
      }
    }
  }

  private boolean isOverdue(Instant start) {
    return Duration.between(start, world().time().now()).compareTo(LONGEST) > 0;
  }

  /// A snapshot to make.
  record Snapshot(SourceInfo source, String description) {}

  /// Makes a snapshot.
  ///
  /// @param files what is in the tree
  void create(
      RepositoryWriter writer,
      SourceTree tree,
      Map<String, SourceModel.File> files,
      Snapshot snapshot)
      throws IOException {
    UploadOptions options =
        new UploadOptions(
            1 + random().nextInt(2),
            random().nextInt(3) == 0 ? 50 : 0,
            0,
            false,
            UploadOptions.MAX_CHECKPOINT_INTERVAL,
            Map.of(),
            true,
            UploadOptions.NEVER,
            AttributeOptions.NONE);
    SnapshotRequest request =
        new SnapshotRequest(
            snapshot.source,
            snapshot.description,
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    SnapshotManifest made =
        new SnapshotCreator(writer, options, UploadProgress.NONE, ZoneOffset.UTC, random())
            .create(tree, request, new CancelToken())
            .manifest();
    if (!made.isComplete()) {
      throw new IOException("an incomplete snapshot: " + made.incomplete());
    }
  }

  private SourceModel.Opening pace(ClientProcess process) {
    long[] left = {random().nextInt(3) == 0 ? 0 : SLOWEST_SOURCE.toMillis()};
    return path -> {
      long wait = Math.min(left[0], random().nextLong(SLOWEST_FILE.toMillis()));
      left[0] -= wait;
      process.sleep(Duration.ofMillis(wait));
      process.requireAlive();
    };
  }

  private void deleteAny(Client client) throws RepositoryException {
    List<SnapshotManifest> all =
        new SnapshotCatalog(client.repository().manifests()).all().snapshots();
    if (!all.isEmpty()) {
      delete(client, List.of(all.get(random().nextInt(all.size()))));
    }
  }

  private void expire(Client client) throws RepositoryException {
    List<SnapshotManifest> own =
        new SnapshotCatalog(client.repository().manifests()).of(info, Map.of()).snapshots();
    delete(client, Retention.expired(FEW, own, ZoneOffset.UTC));
  }

  private void delete(Client client, List<SnapshotManifest> snapshots) throws RepositoryException {
    if (snapshots.isEmpty()) {
      return;
    }
    for (SnapshotManifest snapshot : snapshots) {
      client.process().trace("deletes " + snapshot.description());
      world().ledger().giveUp(snapshot.description());
    }
    Repository repository = client.repository();
    boolean _ =
        repository.write(
            new WriteOptions("delete", 1, 64L << 20),
            writer -> {
              new SnapshotEditor(writer.manifests())
                  .delete(snapshots.stream().map(s -> s.id().orElseThrow()).toList());
              return true;
            });
  }
}
