package dev.longshore.engine.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.content.EpochUpkeep;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.MaintenanceListener;
import dev.longshore.engine.maintenance.MaintenanceSafety;
import dev.longshore.engine.maintenance.SingleTasks;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryDefaults;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.manifest.ManifestEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A source whose state is a number of "saves": contents, and a manifest that names them. Wherever
/// a manifest is seen, its contents must be.
final class SyncedRepository implements AutoCloseable {
  static final String PASSWORD = "test";
  private static final WriteOptions WRITE = new WriteOptions("test", 1, 64L << 20);
  private static final String OWNER = "user@host";

  final BlobStore store;
  final FakeClock clock;
  private final Repository repository;
  private final RandomGenerator random = Seeds.generator(11);
  private final Map<String, byte[]> expected = new HashMap<>();
  private int seed = 100;
  private int epoch;

  SyncedRepository(BlobStore store, FakeClock clock, int version) throws RepositoryException {
    this.store = store;
    this.clock = clock;
    CreateOptions options =
        CreateOptions.DEFAULT
            .withAlgorithms("BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-128K-BUZHASH")
            .withFormatVersion(version);
    Repositories.create(store, options, PASSWORD, new SeededRandom(version));
    this.repository = open(store);
    RepositoryDefaults.writeMaintenanceParameters(repository, OWNER);
  }

  private Repository open(BlobStore of) throws RepositoryException {
    ClientOptions client =
        new ClientOptions(
            "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15));
    return Repositories.open(of, PASSWORD, client, OpenOptions.of(clock, new SeededRandom(seed++)));
  }

  /// Saves once more, in a session of its own: old contents and a new one.
  void save() throws RepositoryException {
    byte[] bytes = Seeds.bytes(random, 2000);
    repository.write(
        WRITE,
        writer -> {
          ContentId id =
              writer
                  .contents()
                  .write(ContentId.NO_PREFIX, bytes, 0, bytes.length, Optional.empty());
          expected.put(id.toString(), bytes);
          var ids = new StringBuilder();
          expected.keySet().forEach(each -> ids.append(',').append('"').append(each).append('"'));
          String payload = "[" + ids.substring(1) + "]";
          writer
              .manifests()
              .put(
                  Map.of("type", "save", "number", String.valueOf(expected.size())),
                  payload.getBytes(StandardCharsets.UTF_8));
          return true;
        });
    clock.advance(Duration.ofMinutes(7));
  }

  int saves() {
    return expected.size();
  }

  /// Rewrites packs, merges index blobs and drops what is left, with no regard for anybody.
  void maintainRecklessly() throws RepositoryException {
    var tasks = new SingleTasks(repository, random, MaintenanceListener.NONE);
    tasks.rewriteShortPacks("", MaintenanceSafety.NONE, 1, false);
    tasks.compactIndex(1, true, Optional.empty(), MaintenanceSafety.NONE);
    Optional<EpochUpkeep> epochs = repository.contents().upkeep().epochs();
    if (epochs.isPresent()) {
      // The rules want twenty index blobs and a day.
      epoch++;
      BlobId marker = new EpochBlobName.Marker(epoch).blobId();
      byte[] body = EpochBlobName.MARKER_BODY.getBytes(StandardCharsets.US_ASCII);
      store.put(marker, ByteBuffer.wrap(body), PutOptions.NONE);
      epochs.get().compactSingleEpoch(false);
      epochs.get().deleteSuperseded(false);
    }
    repository.refresh();
    tasks.deletePacks("", MaintenanceSafety.NONE, 1, false);
  }

  /// Reads all that a copy shows; nothing may be missing.
  ///
  /// @return the number of saves it shows
  int check(BlobStore copy, String when) throws RepositoryException {
    return check(copy, when, Integer.MAX_VALUE);
  }

  /// As above, but saves after the first so many need not be whole.
  int check(BlobStore copy, String when, int whole) throws RepositoryException {
    int newest = 0;
    try (Repository copied = open(copy)) {
      for (ManifestEntry entry : copied.manifests().find(Map.of("type", "save"))) {
        String payload = new String(entry.data(), StandardCharsets.UTF_8);
        String[] ids = payload.substring(2, payload.length() - 2).split("\",\"", -1);
        newest = Math.max(newest, ids.length);
        if (ids.length > whole) {
          continue;
        }
        for (String id : ids) {
          byte[] wanted = expected.get(id);
          assertTrue(wanted != null, when);
          assertArrayEquals(
              wanted, copied.contents().read(ContentId.parse(id).orElseThrow()), when);
        }
      }
    }
    return newest;
  }

  @Override
  public void close() throws RepositoryException {
    repository.close();
  }
}
