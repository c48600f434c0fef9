package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.maintenance.MaintenanceListener;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.engine.maintenance.MaintenanceSafety;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryDefaults;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.restore.RestoreListener;
import dev.longshore.engine.restore.RestoreOptions;
import dev.longshore.engine.restore.RestoreResult;
import dev.longshore.engine.restore.RestoreTarget;
import dev.longshore.engine.restore.Restorer;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotCreator;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotRequest;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.snapshot.UploadOptions;
import dev.longshore.engine.snapshot.UploadProgress;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.FaultyS3;
import dev.longshore.engine.testkit.FaultyServer.Fault;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// Backups, restores and maintenance in a server where one call in twenty fails and credentials run
/// out all the time.
class S3LifeTest {
  private static final String PASSWORD = "life";
  private static final int ROUNDS = 9;
  private static final int FILES = 20;
  private static final int MAX_STALLS = 4;
  private static final int REQUESTS_PER_TOKEN = 100;
  private static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

  /// As often as they come: what the server says, what the connection does, and silence.
  private static final Fault[] FAULTS = {
    Fault.ERROR_500,
    Fault.SLOW_DOWN_503,
    Fault.TOO_MANY_429,
    Fault.RESET,
    Fault.ANSWER_LOST,
    Fault.TRUNCATED,
    Fault.STALL
  };

  @TempDir Path folder;
  private final RandomGenerator random = Seeds.generator(5);
  private int rounds;

  @Test
  @Timeout(120)
  void allEndsWellWithAtMostAFifthMoreRequests() throws Exception {
    int ideal;
    try (FaultyS3 server = new FaultyS3()) {
      create(server);
      live(server);
      ideal = server.requests();
    }
    try (FaultyS3 server = new FaultyS3()) {
      create(server);
      AtomicInteger failed = fail(server);
      live(server);
      assertTrue(failed.get() > ideal / 40, "only " + failed + " calls failed");
      assertTrue(server.requests() <= ideal * 1.2, server.requests() + " requests, ideal " + ideal);
    }
  }

  /// Lets calls fail from now on, and counts them.
  private static AtomicInteger fail(FaultyS3 server) {
    AtomicInteger failed = new AtomicInteger();
    AtomicInteger stalls = new AtomicInteger();
    RandomGenerator faults = Seeds.generator(6);
    server.stallMillis(2_000);
    server.plan((method, key, headers) -> {
      synchronized (faults) {
        if (faults.nextInt(20) > 0) {
          return Fault.NONE;
        }
        failed.incrementAndGet();
        Fault fault = FAULTS[faults.nextInt(FAULTS.length)];
        // Each takes the whole time limit.
        return fault == Fault.STALL && stalls.incrementAndGet() > MAX_STALLS ? Fault.RESET : fault;
      }
    });
    server.guard(exchange -> {
      String token = "token" + server.requests() / REQUESTS_PER_TOKEN;
      boolean known = token.equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
      return known ? "" : "400 ExpiredToken";
    });
    return failed;
  }

  /// Hands out the token of the time when it was last asked, as if it had kept it.
  private static AwsCredentialsProvider renewing(FaultyS3 server) {
    AtomicInteger kept = new AtomicInteger();
    return () ->
        AwsSessionCredentials.create(
            "key",
            "secret",
            "token" + kept.getAndSet((server.requests() + 1) / REQUESTS_PER_TOKEN));
  }

  /// Done while all is well: what must not replace anything is tried once.
  private void create(FaultyS3 server) throws RepositoryException {
    try (BlobStore store = open(server)) {
      Repositories.create(
          store,
          CreateOptions.DEFAULT.withAlgorithms(
              "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-128K-BUZHASH"),
          PASSWORD,
          new SeededRandom(rounds));
    }
  }

  /// Backups, each restored at once; some are deleted again, and maintenance takes them away.
  private void live(FaultyS3 server) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source"));
    for (int round = 0; round < ROUNDS; round++) {
      rounds++;
      for (int i = 0; i < FILES; i++) {
        byte[] bytes = Seeds.bytes(random, 1 + random.nextInt(i == 0 ? 2 << 20 : 20_000));
        Files.write(source.resolve("file" + i), bytes);
      }
      try (Repository repository =
          Repositories.open(
              open(server),
              PASSWORD,
              new ClientOptions(
                  "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15)),
              OpenOptions.of(Clock.systemUTC(), new SeededRandom(1000 + rounds)))) {
        if (round == 0) {
          RepositoryDefaults.writeMaintenanceParameters(repository, "user@host");
        }
        SnapshotManifest snapshot = backUp(repository, source);
        restore(repository, snapshot, source);
        if (round % 3 == 2) {
          forgetFirst(repository);
          maintain(repository);
        }
      }
    }
  }

  private static BlobStore open(FaultyS3 server) throws RepositoryException {
    return S3Store.open(
        S3TestStores.options(server.address(), "bucket", ""),
        S3TestStores.environment(Optional.empty(), SHORT),
        S3Credentials.of(renewing(server)));
  }

  private SnapshotManifest backUp(Repository repository, Path source) throws IOException {
    try (SourceTree tree = LocalSource.open(source);
        RepositoryWriter writer = repository.openWriter(WriteOptions.forPurpose("test"))) {
      SnapshotManifest made =
          new SnapshotCreator(
                  writer, UploadOptions.DEFAULTS, UploadProgress.NONE, ZoneOffset.UTC, random)
              .create(
                  tree,
                  SnapshotRequest.of(new SourceInfo("host", "user", "/src")),
                  new CancelToken())
              .manifest();
      assertTrue(made.isComplete());
      return made;
    }
  }

  private void restore(Repository repository, SnapshotManifest snapshot, Path source)
      throws IOException {
    Path target = folder.resolve("target" + rounds);
    RestoreResult result =
        new Restorer(repository)
            .restore(
                SnapshotTree.root(snapshot),
                new RestoreTarget.Local(target),
                RestoreOptions.DEFAULTS,
                RestoreListener.NONE);
    assertEquals(List.of(), result.issues());
    for (int i = 0; i < FILES; i++) {
      assertArrayEquals(
          Files.readAllBytes(source.resolve("file" + i)),
          Files.readAllBytes(target.resolve("file" + i)));
    }
  }

  private static void forgetFirst(Repository repository) throws RepositoryException {
    ManifestId first =
        new SnapshotCatalog(repository.manifests()).all().snapshots().getFirst().id().orElseThrow();
    repository.write(
        WriteOptions.forPurpose("test"),
        writer -> {
          new SnapshotEditor(writer.manifests()).delete(List.of(first));
          return true;
        });
  }

  private void maintain(Repository repository) throws RepositoryException {
    Maintenance.Options options =
        new Maintenance.Options(
            MaintenanceMode.FULL, MaintenanceSafety.NONE, false, false, 4, Optional.empty());
    assertTrue(Maintenance.run(repository, options, random, MaintenanceListener.NONE).isPresent());
  }
}
