/// Blobs as objects in buckets of S3 and of what speaks its protocol.
@org.jspecify.annotations.NullMarked
package dev.longshore.engine.blob.s3;
