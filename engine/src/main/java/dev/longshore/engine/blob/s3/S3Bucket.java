package dev.longshore.engine.blob.s3;

import dev.longshore.format.id.BlobId;

/// A bucket as seen through a store's settings.
record S3Bucket(S3Client client, S3Faults faults, S3Options options) {
  String key(BlobId id) {
    return options.prefix() + id.value();
  }
}
