package dev.longshore.mover.store;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.RetryingStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.remote.DraftSpace;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.AzureStoreFactory;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.FilesystemStoreFactory;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.S3StoreFactory;
import dev.longshore.engine.repository.StoreFactories;
import dev.longshore.mover.run.Folders;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The store and the repository that a mover is told of. All movers are the one client `default` on
/// `default`, as Velero's are.
///
/// What is cached is in the folder that the options name, or in one that goes with this.
public final class RepositoryAccess implements AutoCloseable {
  /// User and host of all movers, and of the sources of their snapshots.
  public static final String NAME = "default";

  private static final long DEFAULT_CACHE_MB = 1024;

  private final TaskRun run;
  private final MoverLog log;
  private final StorageLocation location;
  private final StoreSettings settings;
  private final String password;
  private final Optional<Path> cache;

  private RepositoryAccess(
      TaskRun run, StorageLocation location, StoreSettings settings, String password) {
    this.run = run;
    this.log = run.log().of(RepositoryAccess.class);
    this.location = location;
    this.settings = settings;
    this.password = password;
    this.cache = cacheFolder();
  }

  /// What the options and the environment name; nothing is opened.
  ///
  /// @throws MoverFailure if they make no sense
  public static RepositoryAccess of(TaskRun run) throws MoverFailure {
    String json = run.surroundings().variable(StorageLocation.VARIABLE);
    StorageLocation location;
    try {
      location = StorageLocation.parse(json);
    } catch (IOException e) {
      throw LocationReader.bad(StorageLocation.VARIABLE + " is not the JSON of a location");
    }
    LocationReader.Access access =
        new LocationReader.Access(
            run.options().required(TaskOption.REPOSITORY_NAMESPACE),
            file(run, TaskOption.CREDENTIALS_FILE),
            location.caCertificates().isEmpty()
                ? file(run, TaskOption.CA_FILE)
                : location.caCertificates(),
            run.surroundings().environment());
    run.options().required(TaskOption.PASSWORD_FILE);
    String password = file(run, TaskOption.PASSWORD_FILE).strip();
    if (password.isEmpty()) {
      throw LocationReader.bad("the repository's password is empty");
    }
    return new RepositoryAccess(run, location, LocationReader.settings(location, access), password);
  }

  private static String file(TaskRun run, String option) throws MoverFailure {
    String path = run.options().text(option);
    if (path.isEmpty()) {
      return "";
    }
    try {
      return Files.readString(Path.of(path));
    } catch (NoSuchFileException e) {
      if (option.equals(TaskOption.CREDENTIALS_FILE)) {
        return ""; // A secret that is not there: the pod has an identity of its own.
      }
      throw LocationReader.bad(option + " is not there: " + path);
    } catch (IOException e) {
      throw LocationReader.bad(option + " cannot be read: " + Reasons.message(e));
    }
  }

  /// Whether nothing may be written.
  public boolean isReadOnly() {
    return location.readOnly() || run.options().flag(TaskOption.READ_ONLY);
  }

  public String password() {
    return password;
  }

  /// Opens the store without looking whether a repository is in it.
  ///
  /// @param create makes its place first, where that is needed
  public BlobStore openStore(boolean create) throws RepositoryException {
    BlobStore store =
        create
            ? stores().create(settings.type(), settings.configJson())
            : stores().open(settings.type(), settings.configJson());
    return new RetryingStore(
        store,
        RetryPolicy.DEFAULT,
        run.surroundings().clock(),
        run.surroundings().random(),
        Sleeper.SYSTEM);
  }

  private StoreFactories stores() {
    RemoteEnvironment remote =
        new RemoteEnvironment(
            run.surroundings().clock(),
            new Retrier(
                RetryPolicy.DEFAULT,
                run.surroundings().clock(),
                run.surroundings().random(),
                Sleeper.SYSTEM),
            new DraftSpace(
                cache.map(folder -> folder.resolve("drafts")),
                MemoryBudget.ofProcess().draftBytes()),
            Timeouts.DEFAULT);
    return new StoreFactories(
        List.of(
            new FilesystemStoreFactory(),
            new S3StoreFactory(remote),
            new AzureStoreFactory(remote, settings.authority(), settings.rootCaPem())));
  }

  /// One for each repository, as a folder may serve several.
  private Optional<Path> cacheFolder() {
    String folder = run.options().text(TaskOption.CACHE_FOLDER);
    if (!folder.isEmpty()) {
      String name =
          run.options().text(TaskOption.REPOSITORY_NAMESPACE)
              + "-"
              + Integer.toHexString(location.hashCode());
      return Optional.of(Path.of(folder).toAbsolutePath().resolve(name));
    }
    String temporary = run.surroundings().variable("TMPDIR");
    try {
      Path parent = Path.of(temporary.isEmpty() ? "/tmp" : temporary);
      return Optional.of(Files.createTempDirectory(parent, "longshore-").toAbsolutePath());
    } catch (IOException e) {
      log.warning("there is no folder for caches: " + Reasons.message(e));
      return Optional.empty();
    }
  }

  /// Removes a folder that was made for this alone.
  @Override
  public void close() {
    if (run.options().text(TaskOption.CACHE_FOLDER).isEmpty() && cache.isPresent()) {
      try {
        Folders.delete(cache.get());
      } catch (IOException e) {
        log.debug("the folder of the cache is left: " + Reasons.message(e));
      }
    }
  }

  /// Opens the repository; the caller closes it.
  ///
  /// @throws MoverFailure [Reasons#REPOSITORY_MISSING] if there is none
  public Repository open() throws RepositoryException, MoverFailure {
    return open(false);
  }

  /// As [#open()], but everything is read from the store itself.
  public Repository openPastCache() throws RepositoryException, MoverFailure {
    return open(true);
  }

  private Repository open(boolean pastCache) throws RepositoryException, MoverFailure {
    BlobStore store;
    try {
      store = stores().open(settings.type(), settings.configJson());
    } catch (NotFoundException e) {
      throw missing(e);
    }
    TaskKind kind = run.options().kind();
    if (kind == TaskKind.MAINTAIN || kind == TaskKind.VERIFY) {
      store = new CancellableStore(store, run.cancel());
    }
    try {
      return open(store, pastCache);
    } catch (NotFoundException e) {
      store.close();
      throw missing(e);
    } catch (RepositoryException | MoverFailure | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /// Opens the repository in a store, which is closed with it, or left open if that fails.
  public Repository open(BlobStore store, boolean pastCache)
      throws RepositoryException, MoverFailure {
    OpenOptions plain =
        OpenOptions.of(run.surroundings().clock(), run.surroundings().random())
            .withCaching(caching());
    OpenOptions options =
        new OpenOptions(
            plain.clock(),
            plain.random(),
            plain.caching(),
            pastCache,
            Optional.empty(),
            false,
            false,
            log::warning);
    return Repositories.open(store, password, client(), options);
  }

  private ClientOptions client() {
    return new ClientOptions(
        NAME, NAME, isReadOnly(), false, Optional.empty(), false, Duration.ZERO);
  }

  private static MoverFailure missing(NotFoundException e) {
    return new MoverFailure(Reasons.REPOSITORY_MISSING, Reasons.message(e), false, e);
  }

  /// Restores read data again and again; the other tasks need no more than metadata. Lists are
  /// asked for each time: other movers write.
  private CachingOptions caching() throws MoverFailure {
    long bytes = run.options().number(TaskOption.CACHE_LIMIT_MB, DEFAULT_CACHE_MB) << 20;
    long data = run.options().kind() == TaskKind.RESTORE ? bytes / 5 * 4 : 0;
    long metadata = run.options().kind() == TaskKind.RESTORE ? bytes / 5 : bytes;
    return new CachingOptions(
        cache.map(folder -> folder.resolve("repository")),
        data / 5 * 4,
        data,
        metadata / 5 * 4,
        metadata,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }
}
