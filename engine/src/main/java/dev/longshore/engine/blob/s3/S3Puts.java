package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Puts objects, with what the server knows of checksums, conditions, locks and classes.
///
/// Each object goes with its CRC-32C, which the server checks and which costs next to nothing; a
/// server that has not learnt it says so once. With a lock goes the MD5 too, which S3 demands there
/// and which costs more than all the rest. A server without conditions is asked first whether an
/// object is there, which is as much as it can tell. Thread-safe.
final class S3Puts {
  private static final String CONTENT_TYPE = "application/x-kopia";
  private static final int MAX_CONFIG_BYTES = 1 << 20;
  private static final int BAD_REQUEST = 400;
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_IMPLEMENTED = 501;

  private final S3Bucket bucket;
  private final S3Reads reads;
  private final S3Locks locks;
  private volatile @Nullable StorageClasses classes;
  private volatile boolean checksums = true;
  private volatile boolean conditions = true;

  S3Puts(S3Bucket bucket, S3Reads reads, S3Locks locks) {
    this.bucket = bucket;
    this.reads = reads;
    this.locks = locks;
  }

  void put(BlobId id, Body body, PutOptions options) throws RepositoryException {
    String what = "put " + id;
    while (true) {
      boolean withChecksum = checksums;
      boolean onCondition = options.ifAbsent() && conditions;
      if (options.ifAbsent() && !onCondition && reads.metadata(id).isPresent()) {
        throw exists(what, null);
      }
      try {
        Map<String, String> headers = headers(id, body, options.retention().orElse(null));
        if (withChecksum) {
          headers.put("x-amz-checksum-crc32c", crc32c(body));
        }
        if (onCondition) {
          headers.put("if-none-match", "*");
        }
        S3Request request = S3Request.of("PUT", bucket.key(id)).withBody(headers, body);
        bucket.client().send(request).close();
        return;
      } catch (S3Failure e) {
        if (e.status() == PRECONDITION_FAILED) {
          throw exists(what, e);
        }
        boolean unknown = e.status() == NOT_IMPLEMENTED || refusesChecksum(e);
        if (unknown && withChecksum) {
          checksums = false;
        } else if (unknown && onCondition) {
          conditions = false;
        } else {
          throw refusal(what, e, options);
        }
      } catch (IOException e) {
        throw bucket.faults().of(what, e);
      }
    }
  }

  private static StoreException exists(String what, @Nullable S3Failure answer) {
    String message = what + ": it exists already";
    return answer == null
        ? new StoreException(message, Retry.NEVER)
        : new StoreException(message, Retry.NEVER, answer);
  }

  private static boolean refusesChecksum(S3Failure e) {
    return e.status() == BAD_REQUEST
        && !e.code().equals("BadDigest")
        && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("x-amz-checksum");
  }

  private RepositoryException refusal(String what, S3Failure e, PutOptions options) {
    return options.retention().isPresent() && locks.areMissing(e)
        ? S3Locks.missing(what, e)
        : bucket.faults().of(what, e);
  }

  private Map<String, String> headers(BlobId id, Body body, @Nullable BlobRetention retention)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", CONTENT_TYPE);
    putUnlessEmpty(headers, "x-amz-storage-class", storageClasses().of(id));
    S3Options.Encryption encryption = bucket.options().encryption();
    putUnlessEmpty(headers, "x-amz-server-side-encryption", encryption.algorithm());
    putUnlessEmpty(headers, "x-amz-server-side-encryption-aws-kms-key-id", encryption.kmsKeyId());
    if (retention != null) {
      locks.ask(headers, body, retention);
    }
    return headers;
  }

  private static void putUnlessEmpty(Map<String, String> headers, String name, String value) {
    if (!value.isEmpty()) {
      headers.put(name, value);
    }
  }

  private StorageClasses storageClasses() throws RepositoryException {
    StorageClasses known = classes;
    if (known == null) {
      try {
        known = StorageClasses.parse(reads.get(StorageClasses.OBJECT, "", MAX_CONFIG_BYTES));
      } catch (NotFoundException e) {
        known = StorageClasses.NONE;
      } catch (CorruptException e) {
        throw new StoreException(StorageClasses.OBJECT + ": " + e.getMessage(), Retry.NEVER, e);
      }
      classes = known;
    }
    return known;
  }

  private static String crc32c(Body body) throws IOException {
    CRC32C crc = new CRC32C();
    body.forEachPiece(crc::update);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
  }
}
