package dev.longshore.engine.repository;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.crypto.kdf.KeyDerivation;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.MeteredStore;
import dev.longshore.engine.blob.ReadOnlyStore;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.RetryingStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.cache.CacheDirectory;
import dev.longshore.engine.cache.CacheLimits;
import dev.longshore.engine.cache.ClientCaches;
import dev.longshore.engine.cache.DiskCache;
import dev.longshore.engine.cache.ListCache;
import dev.longshore.engine.content.ClientIdentity;
import dev.longshore.engine.content.ContentFormat;
import dev.longshore.engine.content.ContentOptions;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.Secret;
import dev.longshore.format.seal.RepositoryCrypto;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Makes and opens repositories.
///
/// Source: kopia 4ebb2be6c `repo/initialize.go`, `repo/open.go`.
public final class Repositories {
  private static final int SECRET_BYTES = 32;

  private Repositories() {}

  /// Makes an empty repository in a store: `kopia.blobcfg`, then `kopia.repository`. Nothing else
  /// is written; [RepositoryDefaults] adds what the command line's `repository create` does.
  ///
  /// @throws UnsupportedException if an option names what this build does not have, or a store that
  ///   cannot lock is asked for retention
  /// @throws ExistsException if the store holds a repository, or anything else
  /// @throws IllegalArgumentException if the options break a rule; the message says which
  public static void create(
      BlobStore store, CreateOptions options, String password, SecureRandom random)
      throws RepositoryException {
    RepositoryFormat format = newFormat(options, random);
    checkAlgorithms(format, random);
    KeyDerivation derivation =
        KeyDerivation.byName(options.keyDerivation())
            .orElseThrow(() ->
                new UnsupportedException("unknown key derivation " + options.keyDerivation()));
    List<String> problems = new ArrayList<>(format.parameterProblems());
    problems.addAll(options.retention().problems());
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    checkEmpty(store);
    byte[] uniqueId = randomBytes(FormatBlobCodec.UNIQUE_ID_BYTES, random);
    byte[] passwordUtf8 = password.getBytes(StandardCharsets.UTF_8);
    byte[] formatKey = derivation.deriveKey(passwordUtf8, uniqueId);
    Arrays.fill(passwordUtf8, (byte) 0);
    FormatBlob blob = FormatBlobCodec.create(format, uniqueId, derivation, formatKey, random);
    SharedFormat.write(
        store,
        blob,
        FormatBlobCodec.sealRetention(blob, options.retention(), formatKey, random),
        SharedFormat.putOptions(options.retention(), true));
  }

  private static RepositoryFormat newFormat(CreateOptions options, SecureRandom random)
      throws UnsupportedException {
    int version = options.formatVersion();
    if (version < 1 || version > 3) {
      throw new UnsupportedException("format version " + version + " (supported: 1, 2, 3)");
    }
    boolean old = version == 1;
    int eccPercent = old ? 0 : options.eccOverheadPercent();
    if (eccPercent < 0 || eccPercent > 100) {
      throw new IllegalArgumentException(
          "the overhead of the error correction must be 0 to 100 percent, not " + eccPercent);
    }
    return new RepositoryFormat(
        options.hash(),
        options.encryption(),
        eccPercent == 0 ? "" : options.ecc(),
        eccPercent,
        Secret.of(randomBytes(SECRET_BYTES, random)),
        Secret.of(randomBytes(SECRET_BYTES, random)),
        version,
        options.maxPackSize(),
        old ? 1 : 2,
        old ? EpochParameters.DISABLED : options.epochParameters(),
        !old,
        options.splitter(),
        null,
        List.of());
  }

  private static byte[] randomBytes(int length, SecureRandom random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// The hash, the cipher and the error correction, once it is known that the splitter exists too.
  private static RepositoryCrypto checkAlgorithms(RepositoryFormat format, SecureRandom random)
      throws UnsupportedException {
    splitter(format);
    try {
      return RepositoryCrypto.create(format, random);
    } catch (UnsupportedFormatException e) {
      throw new UnsupportedException("the format: " + e.getMessage(), e);
    }
  }

  private static SplitterAlgorithm splitter(RepositoryFormat format) throws UnsupportedException {
    return SplitterAlgorithm.byName(format.splitter())
        .orElseThrow(() -> new UnsupportedException("unknown splitter " + format.splitter()));
  }

  private static void checkEmpty(BlobStore store) throws RepositoryException {
    String place = store.description().displayName();
    if (store.metadata(SharedFormat.FORMAT_BLOB).isPresent()) {
      throw new ExistsException("there is a repository in " + place + " already");
    }
    store.list(
        "",
        found -> {
          throw new ExistsException(
              found.id().equals(SharedFormat.RETENTION_BLOB)
                  ? "there is the rest of a repository in "
                      + place
                      + ": "
                      + found.id()
                      + " without "
                      + SharedFormat.FORMAT_BLOB
                  : "there are data in " + place + " already, for example " + found.id());
        });
  }

  /// The unique id of the repository in a store, which is told without a password.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if the store holds no repository
  public static byte[] uniqueId(BlobStore store) throws RepositoryException {
    return SharedFormat.uniqueId(store);
  }

  /// Opens a repository. Closing it closes the store; a store whose repository could not be opened
  /// is left open.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if the store holds no repository
  /// @throws dev.longshore.engine.error.WrongPasswordException if the password is not its
  /// @throws UnsupportedException if it needs what this build does not have
  /// @throws dev.longshore.engine.error.BusyException if somebody upgrades it
  public static Repository open(
      BlobStore store, String password, ClientOptions client, OpenOptions options)
      throws RepositoryException {
    return open(store, password, KeptKey.none(), client, options);
  }

  /// As above, with a key that may have been kept from before.
  static Repository open(
      BlobStore store, String password, KeptKey keptKey, ClientOptions client, OpenOptions options)
      throws RepositoryException {
    return open(store, password, keptKey, client, options, Sleeper.SYSTEM);
  }

  /// As above, in another time than the system's.
  static Repository open(
      BlobStore store,
      String password,
      KeptKey keptKey,
      ClientOptions client,
      OpenOptions options,
      Sleeper sleeper)
      throws RepositoryException {
    if (client.permissiveCacheLoading() && !client.readOnly()) {
      throw new UnsupportedException(
          "a connection that passes over damaged index blobs must be read-only");
    }
    MeteredStore meter = new MeteredStore(store);
    BlobStore retrying =
        new RetryingStore(meter, RetryPolicy.DEFAULT, options.clock(), options.random(), sleeper);
    SharedFormat shared = SharedFormat.load(retrying, password, keptKey);
    BlobStore stack =
        client.readOnly()
            ? new ReadOnlyStore(retrying)
            : new GuardedStore(retrying, shared, options);
    shared.checkFeatures(options.warnings());
    if (!client.permissiveCacheLoading()) {
      shared.checkLock(options.clock().instant(), options.upgradeOwnerId());
    }
    RepositoryCrypto crypto = checkAlgorithms(shared.format(), options.random());
    ContentStore contents =
        ContentStore.open(
            stack,
            new ContentFormat(shared.format(), crypto, shared.stored(), shared.retention()),
            contentOptions(client, caches(options, store.isLocal(), crypto), options),
            new ContentStore.Environment(options.clock(), options.random(), sleeper));
    return new OpenRepository(
        stack, meter, shared, splitter(shared.format()), contents, client, options);
  }

  private static ClientCaches caches(OpenOptions options, boolean local, RepositoryCrypto crypto) {
    Optional<Path> directory = options.caching().directory();
    if (directory.isEmpty()) {
      return ClientCaches.NONE;
    }
    CacheDirectory cache = new CacheDirectory(directory.get().toAbsolutePath());
    Optional<Path> index = Optional.of(cache.indexFolder());
    if (local) {
      return ClientCaches.ofIndex(index);
    }
    var surroundings =
        new ListCache.Surroundings(crypto.hasher(), options.clock(), options.random());
    boolean past = options.pastCache();
    // Who looks past the cache tells those who do not what it changes.
    Duration maxAge = past ? Duration.ZERO : options.caching().maxListCacheDuration();
    return new ClientCaches(
        past
            ? Optional.empty()
            : diskCache(cache.contentsFolder(), options.caching().contentLimits(), options),
        past
            ? Optional.empty()
            : diskCache(cache.metadataFolder(), options.caching().metadataLimits(), options),
        Optional.of(new ListCache(cache.listFolder(), maxAge, surroundings)),
        index);
  }

  private static Optional<DiskCache> diskCache(
      Path folder, CacheLimits limits, OpenOptions options) {
    return limits.isOff()
        ? Optional.empty()
        : Optional.of(new DiskCache(folder, limits, options.clock(), options.warnings()));
  }

  private static ContentOptions contentOptions(
      ClientOptions client, ClientCaches caches, OpenOptions options) {
    ContentOptions plain =
        ContentOptions.of(new ClientIdentity(client.username(), client.hostname()));
    return new ContentOptions(
        plain.client(),
        plain.metadataCacheBytes(),
        plain.indexBytes(),
        caches,
        client.permissiveCacheLoading() || options.passOverDamagedIndex());
  }
}
