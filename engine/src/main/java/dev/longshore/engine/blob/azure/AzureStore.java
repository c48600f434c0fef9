package dev.longshore.engine.blob.azure;

import com.azure.storage.blob.models.BlobListDetails;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.HttpTransport;
import dev.longshore.engine.blob.remote.PastStore;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.RemoteStore;
import dev.longshore.engine.blob.remote.Tls;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Blobs of an Azure container, as Kopia keeps them: the name is the prefix and the blob's name,
/// and each is put in one request.
///
/// Azure's SDK finds credentials, signs, lists and deletes; what carries blobs goes past its
/// copying (ADR 18). Opening sends no request. Safe for use by many threads.
///
/// Source: kopia 4ebb2be6c `repo/blob/azure/azure_storage.go`.
public final class AzureStore extends RemoteStore {
  /// Kopia's name of the kind of store.
  public static final String TYPE = "azureBlob";

  private static final String USER_AGENT = "longshore";

  private final AzureOptions options;
  private final RemoteEnvironment environment;
  private final AzureContainer container;
  private final AzureReads reads;
  private final AzureLocks locks;
  private final AzurePuts puts;

  private AzureStore(
      AzureOptions options, RemoteEnvironment environment, AzureContainer container) {
    super(environment);
    this.options = options;
    this.environment = environment;
    this.container = container;
    this.reads = new AzureReads(container);
    this.locks = new AzureLocks(container, environment.clock());
    this.puts = new AzurePuts(container, locks);
  }

  /// Opens a container's store.
  ///
  /// @param authority where tokens of Entra ID come from, a URL; empty for Microsoft's public one
  /// @return the store, or, if the settings ask for it, a view of its past
  /// @throws StoreException if the settings name no place, or prove nothing
  public static BlobStore open(
      AzureOptions options, RemoteEnvironment environment, String authority)
      throws RepositoryException {
    return open(options, environment, authority, Tls.ofSystem());
  }

  /// As above, with trust in other servers, of tokens as well.
  public static BlobStore open(
      AzureOptions options, RemoteEnvironment environment, String authority, Tls tls)
      throws RepositoryException {
    var transport = new HttpTransport(tls, environment.timeouts(), USER_AGENT);
    var credentials = new AzureCredentials(authority, new AzureTransport(transport));
    AzureContainer container = AzureContainer.of(options, credentials);
    AzureStore store = new AzureStore(options, environment, container);
    if (options.pointInTime().isEmpty()) {
      return store;
    }
    AzureVersions versions = new AzureVersions(container, store.reads, environment.retrier());
    return new PastStore(store, versions, PastStore.time(options.pointInTime()));
  }

  private String address(BlobId id) {
    return container.blob(id.value()).getBlobUrl();
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return reads.get(id, address(id));
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    if (offset < 0) {
      throw new IllegalArgumentException("range " + offset + "+" + into.remaining());
    }
    reads.getRange(id, address(id), offset, into);
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    return reads.metadata(id);
  }

  @Override
  protected void send(BlobId id, Body body, PutOptions putOptions) throws RepositoryException {
    puts.put(id, body, putOptions);
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    locks.extend(id, retention);
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    puts.delete(id);
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    reads.list(
        prefix,
        new BlobListDetails().setRetrieveMetadata(true),
        environment.retrier(),
        item -> {
          Optional<BlobMetadata> blob = reads.listed(item);
          if (blob.isPresent()) {
            visitor.visit(blob.get());
          }
        });
  }

  @Override
  public StoreDescription description() {
    return new StoreDescription(TYPE, "Azure: " + options.container(), options.toJson());
  }

  @Override
  public void close() {}
}
