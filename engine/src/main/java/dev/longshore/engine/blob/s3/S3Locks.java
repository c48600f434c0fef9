package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Locks on objects, and whether a bucket has any. Thread-safe.
///
/// Source: kopia 4ebb2be6c `repo/blob/s3/s3_storage.go`, for what a lock is extended to.
final class S3Locks {
  private static final int BAD_REQUEST = 400;
  private static final String NOT_IMPLEMENTED = "NotImplemented";
  private static final String NOT_CONFIGURED = "ObjectLockConfigurationNotFoundError";

  private final S3Bucket bucket;
  private final Clock clock;

  S3Locks(S3Bucket bucket, Clock clock) {
    this.bucket = bucket;
    this.clock = clock;
  }

  /// Asks for a lock in the headers of a put. With it goes the MD5, which S3 demands.
  void ask(Map<String, String> headers, Body body, BlobRetention retention) throws IOException {
    headers.put("content-md5", md5(body));
    headers.put("x-amz-object-lock-mode", retention.mode());
    headers.put("x-amz-object-lock-retain-until-date", until(retention));
  }

  private String until(BlobRetention retention) {
    return clock.instant().plus(retention.period()).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// Makes the lock of the version in force hold for the retention's period from now on.
  void extend(BlobId id, BlobRetention retention) throws RepositoryException {
    String what = "extend the retention of " + id;
    List<String> problems = retention.problems();
    if (!retention.isEnabled() || !problems.isEmpty()) {
      throw new StoreException(what + ": " + String.join("; ", problems), Retry.NEVER);
    }
    String xml =
        "<Retention xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Mode>"
            + retention.mode()
            + "</Mode><RetainUntilDate>"
            + until(retention)
            + "</RetainUntilDate></Retention>";
    Body body = new Body.OfBuffer(ByteBuffer.wrap(xml.getBytes(StandardCharsets.UTF_8)));
    try {
      S3Request request =
          S3Request.of("PUT", bucket.key(id)).withBody(Map.of("content-md5", md5(body)), body);
      request.query().put("retention", "");
      bucket.client().send(request).close();
    } catch (S3Failure e) {
      throw areMissing(e) ? missing(what, e) : bucket.faults().of(what, e);
    } catch (IOException e) {
      throw bucket.faults().of(what, e);
    }
  }

  static UnsupportedException missing(String what, S3Failure refusal) {
    return new UnsupportedException(
        what + ": the bucket cannot lock objects: " + refusal.getMessage(), refusal);
  }

  /// Tells whether a lock was refused because the bucket has none.
  ///
  /// The refusal itself does not tell: servers say `InvalidRequest` for that and for much else. So
  /// the bucket is asked how it locks. What cannot be found out is another fault, as a caller goes
  /// on without locks if there are none.
  boolean areMissing(S3Failure refusal) {
    if (refusal.code().equals(NOT_IMPLEMENTED)) {
      return true;
    }
    if (refusal.status() != BAD_REQUEST) {
      return false;
    }
    S3Request question = S3Request.of("GET", "");
    question.query().put("object-lock", "");
    try {
      bucket.client().send(question).close();
      return false;
    } catch (S3Failure answer) {
      return answer.code().equals(NOT_CONFIGURED) || answer.code().equals(NOT_IMPLEMENTED);
    } catch (IOException e) {
      return false;
    }
  }

  private static String md5(Body body) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      body.forEachPiece(digest::update);
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
