package dev.longshore.engine.repository;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.MeteredStore;
import dev.longshore.engine.blob.StoreUsage;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.manifest.ManifestStore;
import dev.longshore.engine.object.ContentObjectReader;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.repository.RepositoryFormat;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/// A repository over its store.
final class OpenRepository implements Repository {
  private final BlobStore store;
  private final MeteredStore meter;
  private final SharedFormat shared;
  private final SplitterAlgorithm splitter;
  private final ContentStore contents;
  private final ClientOptions client;
  private final OpenOptions options;
  private final ObjectReader objects;
  private final ManifestStore manifests;

  /// @param meter beneath the store
  OpenRepository(
      BlobStore store,
      MeteredStore meter,
      SharedFormat shared,
      SplitterAlgorithm splitter,
      ContentStore contents,
      ClientOptions client,
      OpenOptions options) {
    this.store = store;
    this.meter = meter;
    this.shared = shared;
    this.splitter = splitter;
    this.contents = contents;
    this.client = client;
    this.options = options;
    this.objects = new ContentObjectReader(contents);
    this.manifests =
        new ManifestStore(contents, options.ignoreMalformedManifests(), options.warnings());
  }

  @Override
  public RepositoryFormat format() {
    return shared.format();
  }

  @Override
  public byte[] uniqueId() {
    return shared.blob().uniqueId();
  }

  @Override
  public ClientOptions client() {
    return client;
  }

  @Override
  public BlobStore blobs() {
    return store;
  }

  @Override
  public ContentStore contents() {
    return contents;
  }

  @Override
  public ObjectReader objects() {
    return objects;
  }

  @Override
  public ManifestReader manifests() {
    return manifests;
  }

  @Override
  public Clock clock() {
    return options.clock();
  }

  @Override
  public RepositoryWriter openWriter(WriteOptions writeOptions) throws RepositoryException {
    if (client.readOnly()) {
      throw new UnsupportedException("the connection is read-only");
    }
    if (store instanceof GuardedStore guard) {
      guard.check();
    }
    return new RepositorySession(this, contents, manifests, splitter, writeOptions, options);
  }

  @Override
  public RepositoryStatus status() throws RepositoryException {
    Optional<EpochState> epochs = contents.epochs();
    return new RepositoryStatus(
        HexFormat.of().formatHex(uniqueId()),
        format(),
        shared.retention(),
        client,
        store.description(),
        store.capacity(),
        epochs.isPresent() ? OptionalInt.of(epochs.get().writeEpoch()) : OptionalInt.empty());
  }

  @Override
  public MaintenanceInfo maintenance() throws RepositoryException {
    return MaintenanceInfo.read(this, shared, options.random());
  }

  @Override
  public void putMaintenanceSchedule(MaintenanceSchedule schedule) throws RepositoryException {
    MaintenanceInfo.write(store, schedule, shared, options.random());
  }

  @Override
  public StoreUsage usage() {
    return meter.usage();
  }

  @Override
  public void refresh() throws RepositoryException {
    contents.refresh();
  }

  @Override
  public void close() throws RepositoryException {
    try {
      contents.close();
    } finally {
      store.close();
    }
  }
}
