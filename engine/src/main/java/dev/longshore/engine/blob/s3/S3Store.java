package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.HttpTransport;
import dev.longshore.engine.blob.remote.PastStore;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.RemoteStore;
import dev.longshore.engine.blob.remote.Tls;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Blobs as objects of an S3 bucket, as Kopia keeps them: the key is the prefix and the blob's
/// name, and each object is put in one request.
///
/// The SDK finds credentials and signs; the requests themselves go over [HttpTransport] (ADR 13).
/// Opening sends none. Safe for use by many threads.
///
/// Source: kopia 4ebb2be6c `repo/blob/s3/s3_storage.go`.
public final class S3Store extends RemoteStore {
  /// Kopia's name of the kind of store.
  public static final String TYPE = "s3";

  private static final String USER_AGENT = "longshore";

  private final S3Bucket bucket;
  private final RemoteEnvironment environment;
  private final S3Credentials credentials;
  private final S3Reads reads;
  private final S3Locks locks;
  private final S3Puts puts;

  private S3Store(S3Bucket bucket, RemoteEnvironment environment, S3Credentials credentials) {
    super(environment);
    this.bucket = bucket;
    this.environment = environment;
    this.credentials = credentials;
    this.reads = new S3Reads(bucket);
    this.locks = new S3Locks(bucket, environment.clock());
    this.puts = new S3Puts(bucket, reads, locks);
  }

  /// Opens a bucket's store.
  ///
  /// @return the store, or, if the settings ask for it, a view of its past
  /// @throws StoreException if the settings name no place, or the certificates cannot be read
  public static BlobStore open(S3Options options, RemoteEnvironment environment)
      throws RepositoryException {
    return open(options, environment, S3Credentials.of(options.credentials()));
  }

  /// As above, with credentials from elsewhere.
  static BlobStore open(S3Options options, RemoteEnvironment environment, S3Credentials credentials)
      throws RepositoryException {
    S3Client client =
        new S3Client(
            S3Target.of(options),
            options.endpoint().region(),
            new HttpTransport(tls(options.endpoint()), environment.timeouts(), USER_AGENT),
            new S3Signer(credentials.provider()),
            environment.clock());
    String place = options.endpoint().host() + " " + options.bucket();
    S3Faults faults = new S3Faults(place, credentials.renewable());
    S3Bucket bucket = new S3Bucket(client, faults, options);
    S3Store store = new S3Store(bucket, environment, credentials);
    if (options.pointInTime().isEmpty()) {
      return store;
    }
    S3Versions versions = new S3Versions(bucket, store.reads, environment.retrier());
    return new PastStore(store, versions, PastStore.time(options.pointInTime()));
  }

  private static @Nullable Tls tls(S3Options.Endpoint endpoint) throws StoreException {
    if (endpoint.disableTls()) {
      return null;
    }
    if (endpoint.disableVerification()) {
      return Tls.insecure();
    }
    return endpoint.rootCaPem().isEmpty()
        ? Tls.ofSystem()
        : Tls.trusting(endpoint.rootCaPem().text());
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return reads.get(id.value(), "", S3Reads.MAX_BYTES);
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    if (offset < 0) {
      throw new IllegalArgumentException("range " + offset + "+" + into.remaining());
    }
    reads.getRange(id, "", offset, into);
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    return reads.metadata(id);
  }

  @Override
  protected void send(BlobId id, Body body, PutOptions options) throws RepositoryException {
    puts.put(id, body, options);
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    locks.extend(id, retention);
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    try {
      bucket.client().send(S3Request.of("DELETE", bucket.key(id))).close();
    } catch (IOException e) {
      RepositoryException fault = bucket.faults().of("delete " + id, e);
      if (!(fault instanceof NotFoundException)) {
        throw fault;
      }
    }
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    S3Xml.Page page = reads.page(prefix, "");
    while (true) {
      for (BlobMetadata blob : page.blobs()) {
        if (!blob.id().value().equals(StorageClasses.OBJECT)) {
          visitor.visit(blob);
        }
      }
      String next = page.next();
      if (next.isEmpty()) {
        return;
      }
      // A list whose visitor has seen something is not tried again by the caller.
      page = environment.retrier().call(() -> reads.page(prefix, next));
      if (page.next().equals(next)) {
        throw new StoreException("list " + prefix + ": the server repeats a page", Retry.NEVER);
      }
    }
  }

  @Override
  public StoreDescription description() {
    S3Options options = bucket.options();
    return new StoreDescription(
        TYPE, "S3: " + options.endpoint().host() + " " + options.bucket(), options.toJson());
  }

  @Override
  public void close() {
    credentials.close();
  }
}
