package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.S3Servers;
import dev.longshore.engine.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One Moto for all tests of a class, which are left out if there is none.
final class MotoBuckets implements BeforeAllCallback, AfterAllCallback {
  private final AtomicInteger buckets = new AtomicInteger();
  private @Nullable ServerProcess server;
  private @Nullable Path log;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    assumeTrue(S3Servers.hasMoto(), "Python has no moto[server]");
    log = Files.createTempDirectory("moto");
    server = S3Servers.startMoto(log);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    if (server != null) {
      server.close();
    }
    if (log != null) {
      Files.deleteIfExists(log.resolve("moto.log"));
      Files.deleteIfExists(log);
    }
  }

  /// Options of a store in a new bucket.
  ///
  /// @param headers of the request that makes it
  S3Options make(String prefix, Map<String, String> headers) throws IOException {
    if (server == null) {
      throw new IllegalStateException("no server");
    }
    S3Options options =
        S3TestStores.options(server.address(), "bucket-" + buckets.incrementAndGet(), prefix);
    S3TestStores.makeBucket(options, headers);
    return options;
  }
}
