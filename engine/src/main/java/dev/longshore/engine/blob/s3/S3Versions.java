package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.remote.BlobVersions;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// What blobs of a bucket were, where it keeps versions.
///
/// @param retrier for the pages of lists
record S3Versions(S3Bucket bucket, S3Reads reads, Retrier retrier) implements BlobVersions {
  @Override
  public boolean newestFirst() {
    return true;
  }

  @Override
  public void check() throws RepositoryException {
    String what = "look for versions";
    S3Request request = S3Request.of("GET", "");
    request.query().put("versioning", "");
    try (HttpReply reply = bucket.client().send(request);
        InputStream in = reply.body()) {
      if (!S3VersionsXml.isVersioned(in)) {
        throw new UnsupportedException("point in time: the bucket keeps no versions");
      }
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    S3VersionsXml.Page page = page(prefix, "", "");
    while (true) {
      for (Version version : page.versions()) {
        if (!version.blob().id().value().equals(StorageClasses.OBJECT)) {
          visitor.visit(version);
        }
      }
      String key = page.nextKey();
      String version = page.nextVersion();
      if (key.isEmpty()) {
        return;
      }
      // A list whose visitor has seen something is not tried again by the caller.
      page = retrier.call(() -> page(prefix, key, version));
      if (page.nextKey().equals(key) && page.nextVersion().equals(version)) {
        throw new StoreException("list " + prefix + ": the server repeats a page", Retry.NEVER);
      }
    }
  }

  private S3VersionsXml.Page page(String prefix, String key, String version)
      throws RepositoryException {
    S3Request request = S3Request.of("GET", "");
    request.query().put("versions", "");
    request.query().put("prefix", bucket.options().prefix() + prefix);
    request.query().put("delimiter", "/");
    request.query().put("encoding-type", "url");
    if (!key.isEmpty()) {
      request.query().put("key-marker", key);
      request.query().put("version-id-marker", version);
    }
    try (HttpReply reply = bucket.client().send(request);
        InputStream in = reply.body()) {
      return S3VersionsXml.page(in, bucket.options().prefix());
    } catch (IOException e) {
      throw bucket.faults().of("list " + prefix, e);
    }
  }

  @Override
  public byte[] get(Version version) throws RepositoryException {
    return reads.get(version.blob().id().value(), version.key(), S3Reads.MAX_BYTES);
  }

  @Override
  public void getRange(Version version, long offset, ByteBuffer into) throws RepositoryException {
    reads.getRange(version.blob().id(), version.key(), offset, into);
  }
}
