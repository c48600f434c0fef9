package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.StoreContract;
import dev.longshore.engine.testkit.S3Servers;
import dev.longshore.engine.testkit.ServerProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on S3Proxy, which checks signatures, over files.
class S3ProxyStoreTest extends StoreContract {
  @TempDir static Path folder;
  private static ServerProcess server;
  private static int stores;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(S3Servers.hasProxy(), "S3Proxy is fetched by the build of the module s3proxy");
    server = S3Servers.startProxy(folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected BlobStore newStore() throws Exception {
    S3Options options =
        S3TestStores.options(server.address(), "bucket-" + stores++, "some prefix+ä/");
    S3TestStores.makeBucket(options, Map.of());
    return S3Store.open(options, S3TestStores.environment(Optional.of(folder.resolve("drafts"))));
  }
}
