package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PastContract;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The past of a bucket, on Moto, which keeps versions.
@Timeout(120)
class S3PastTest extends PastContract {
  @RegisterExtension private static final MotoBuckets BUCKETS = new MotoBuckets();
  private S3Options options = S3TestStores.options("127.0.0.1:1", "none", "");

  @BeforeEach
  void makeBucket() throws Exception {
    options = BUCKETS.make("a/", Map.of());
  }

  private void keepVersions() throws Exception {
    String status = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    S3Request request =
        S3Request.of("PUT", "")
            .withBody(
                Map.of(),
                new Body.OfBuffer(ByteBuffer.wrap(status.getBytes(StandardCharsets.UTF_8))));
    request.query().put("versioning", "");
    S3TestStores.client(options).send(request).close();
  }

  @Override
  protected BlobStore present() throws Exception {
    keepVersions();
    return S3Store.open(options, S3TestStores.environment(Optional.empty()));
  }

  @Override
  protected BlobStore past(Instant at) throws Exception {
    return S3Store.open(
        new S3Options(
            options.bucket(),
            options.prefix(),
            options.endpoint(),
            options.credentials(),
            options.encryption(),
            options.limits(),
            at.toString()),
        S3TestStores.environment(Optional.empty()));
  }

  /// Servers tell times to the second.
  @Override
  protected Instant pass() throws Exception {
    Thread.sleep(1100);
    Instant between = Instant.now();
    Thread.sleep(1100);
    return between;
  }

  @Test
  void aBucketWithoutVersionsHasNoPast() throws Exception {
    try (BlobStore past = past(Instant.now())) {
      assertThrows(UnsupportedException.class, () -> past.get(new BlobId("pa")));
      assertThrows(UnsupportedException.class, () -> past.list("", blob -> {}));
    }
  }
}
