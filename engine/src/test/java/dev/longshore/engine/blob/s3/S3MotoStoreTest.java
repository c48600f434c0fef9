package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreContract;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The contract on Moto, which knows locks.
class S3MotoStoreTest extends StoreContract {
  @RegisterExtension private static final MotoBuckets BUCKETS = new MotoBuckets();
  private static final BlobId ID = new BlobId("p1");
  private static final PutOptions LOCKED =
      new PutOptions(Optional.of(new BlobRetention("GOVERNANCE", Duration.ofDays(2))), false);

  private S3Options options = S3TestStores.options("127.0.0.1:1", "none", "");

  @Override
  protected boolean canLock() {
    return true;
  }

  @Override
  protected BlobStore newStore() throws Exception {
    options = BUCKETS.make("", Map.of("x-amz-bucket-object-lock-enabled", "true"));
    return S3Store.open(options, S3TestStores.environment(Optional.empty()));
  }

  @Test
  void locksAndProlongsAsAsked() throws Exception {
    Instant now = Instant.now();
    store().put(ID, ByteBuffer.wrap(new byte[3]), LOCKED);
    try (HttpReply reply = S3TestStores.client(options).send(S3Request.of("HEAD", "p1"))) {
      assertEquals("GOVERNANCE", reply.header("x-amz-object-lock-mode"));
      assertEquals("application/x-kopia", reply.header("Content-Type"));
      assertTrue(until(reply).isBefore(now.plus(Duration.ofDays(3))));
    }
    store().extendRetention(ID, new BlobRetention("COMPLIANCE", Duration.ofDays(9)));
    try (HttpReply reply = S3TestStores.client(options).send(S3Request.of("HEAD", "p1"))) {
      assertEquals("COMPLIANCE", reply.header("x-amz-object-lock-mode"));
      assertTrue(until(reply).isAfter(now.plus(Duration.ofDays(8))));
    }
    assertEquals(3, store().get(ID).length);
  }

  private static Instant until(HttpReply reply) {
    String until = reply.header("x-amz-object-lock-retain-until-date");
    return Instant.parse(until == null ? "" : until);
  }

  @Test
  void aBucketWithoutLocksSaysSo() throws Exception {
    S3Options plain = BUCKETS.make("", Map.of());
    try (BlobStore store = S3Store.open(plain, S3TestStores.environment(Optional.empty()))) {
      assertThrows(
          UnsupportedException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[3]), LOCKED));
      store.put(ID, ByteBuffer.wrap(new byte[3]), PutOptions.NONE);
      BlobRetention retention = LOCKED.retention().orElseThrow();
      assertThrows(UnsupportedException.class, () -> store.extendRetention(ID, retention));
    }
  }
}
