package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Opens repositories in simulated time, many thousand times: the key is derived once for each.
public final class SimulatedClients {
  private static final String PASSWORD = "test";

  private final KeptKey key;

  private SimulatedClients(KeptKey key) {
    this.key = key;
  }

  /// Makes a repository, and what opens it. Its packs and epochs may be smaller than the rules for
  /// parameters allow, so that little data makes many.
  public static SimulatedClients create(
      BlobStore store, CreateOptions options, Sizes sizes, SecureRandom random)
      throws RepositoryException {
    Repositories.create(store, options, PASSWORD, random);
    KeptKey key = KeptKey.inMemory();
    SharedFormat made = SharedFormat.load(store, PASSWORD, key);
    RepositoryFormat format = made.format();
    RepositoryFormat smaller =
        format.withParameters(
            format.version(), sizes.maxPackSize, format.indexVersion(), sizes.epochs);
    FormatBlob blob = FormatBlobCodec.reseal(made.blob(), smaller, made.formatKey(), random);
    SharedFormat.write(
        store,
        blob,
        FormatBlobCodec.sealRetention(blob, made.retention(), made.formatKey(), random),
        PutOptions.NONE);
    return new SimulatedClients(key);
  }

  /// What may be smaller than usual.
  public record Sizes(int maxPackSize, EpochParameters epochs) {}

  /// Opens the repository, or a copy of it, without a cache.
  ///
  /// @param sleeper waits in the clock's time
  public Repository open(
      BlobStore store, String host, Clock clock, SecureRandom random, Sleeper sleeper)
      throws RepositoryException {
    ClientOptions client =
        new ClientOptions(
            host, "user", false, false, Optional.empty(), false, Duration.ofMinutes(15));
    return Repositories.open(store, PASSWORD, key, client, OpenOptions.of(clock, random), sleeper);
  }
}
