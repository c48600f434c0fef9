package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreContract;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.testkit.S3Servers;
import dev.longshore.engine.testkit.ServerProcess;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on Moto, which knows locks.
class S3MotoStoreTest extends StoreContract {
  @TempDir static Path folder;
  private static ServerProcess server;
  private static int stores;
  private S3Options options = S3TestStores.options("127.0.0.1:1", "none", "");

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(S3Servers.hasMoto(), "Python has no moto[server]");
    server = S3Servers.startMoto(folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected boolean canLock() {
    return true;
  }

  @Override
  protected BlobStore newStore() throws Exception {
    options = S3TestStores.options(server.address(), "bucket-" + stores++, "");
    S3TestStores.makeBucket(options, Map.of("x-amz-bucket-object-lock-enabled", "true"));
    return S3Store.open(options, S3TestStores.environment(Optional.empty()));
  }

  @Test
  void locksAsAsked() throws Exception {
    BlobId id = new BlobId("p1");
    PutOptions locked =
        new PutOptions(Optional.of(new BlobRetention("GOVERNANCE", Duration.ofDays(2))), false);
    store().put(id, ByteBuffer.wrap(new byte[3]), locked);
    try (HttpReply reply = S3TestStores.client(options).send(S3Request.of("HEAD", "p1"))) {
      assertEquals("GOVERNANCE", reply.header("x-amz-object-lock-mode"));
      assertEquals("application/x-kopia", reply.header("Content-Type"));
    }
  }
}
