package dev.longshore.engine.simulation;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryDefaults;
import dev.longshore.engine.repository.SimulatedClients;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.snapshot.SourceInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/// An empty repository that runs start from, made once.
final class Base {
  /// When runs begin.
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  /// Who maintains.
  static final String OWNER = "user@maintainer";

  /// As little data makes several packs.
  private static final int MAX_PACK_SIZE = 2 << 10;

  /// Epochs that end as soon as they may, and after few index blobs, so that a run has some.
  static final Base EPOCHS = make(3, epochs());

  /// No epochs.
  static final Base V0 = make(1, EpochParameters.DISABLED);

  private final Bucket bucket;
  private final SimulatedClients clients;

  private Base(Bucket bucket, SimulatedClients clients) {
    this.bucket = bucket;
    this.clients = clients;
  }

  private static EpochParameters epochs() {
    return new EpochParameters(
        true, Duration.ofMinutes(20), 2, Duration.ofHours(1), Duration.ofHours(1), 3, 1 << 20, 2);
  }

  private static Base make(int version, EpochParameters epochs) {
    VirtualTime time = new VirtualTime(START.minus(Duration.ofHours(1)), Seeds.generator(0));
    Bucket bucket = new Bucket(time);
    CreateOptions options =
        new CreateOptions(
            version,
            "BLAKE3-256-128",
            "AES256-GCM-HMAC-SHA256",
            "",
            0,
            "DYNAMIC-128K-BUZHASH",
            "scrypt-65536-8-1",
            10 << 20,
            version == 1 ? epochs : EpochParameters.DEFAULT,
            BlobRetention.NONE);
    try {
      SimulatedClients clients =
          SimulatedClients.create(
              bucket.truth(),
              options,
              new SimulatedClients.Sizes(MAX_PACK_SIZE, epochs),
              new SeededRandom(version));
      Clock clock = Clock.fixed(time.now(), ZoneOffset.UTC);
      try (Repository made =
          clients.open(bucket.truth(), "maintainer", clock, new SeededRandom(2), wait -> {})) {
        RepositoryDefaults.writeMaintenanceParameters(made, OWNER);
        // Nothing expires by itself: the model must know beforehand what is to go.
        boolean _ =
            made.write(
                WriteOptions.forPurpose("policy"),
                writer -> {
                  Policies.set(writer.manifests(), SourceInfo.GLOBAL, keepAll());
                  return true;
                });
      }
      return new Base(bucket, clients);
    } catch (RepositoryException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Policy keepAll() {
    Policy unset = Policy.UNSET;
    return new Policy(
        new RetentionPolicy(100_000L, 0L, 0L, 0L, 0L, 0L, false),
        unset.files(),
        unset.errorHandling(),
        unset.scheduling(),
        unset.compression(),
        unset.metadataCompressor(),
        unset.splitter(),
        unset.actions(),
        unset.volumeShadowCopy(),
        unset.logging(),
        unset.upload(),
        unset.noParent());
  }

  /// A copy of what is in the store.
  Bucket bucket(VirtualTime time) {
    return bucket.copy(time);
  }

  /// Opens copies.
  SimulatedClients clients() {
    return clients;
  }
}
