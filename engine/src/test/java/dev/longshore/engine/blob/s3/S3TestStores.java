package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.DraftSpace;
import dev.longshore.engine.blob.remote.HttpTransport;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.testkit.S3Servers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Stores in servers that tests start.
final class S3TestStores {
  static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private S3TestStores() {}

  static RemoteEnvironment environment(Optional<Path> drafts) {
    return environment(drafts, TIMEOUTS);
  }

  static RemoteEnvironment environment(Optional<Path> drafts, Timeouts timeouts) {
    return environment(new DraftSpace(drafts, 3 << 20), timeouts);
  }

  static RemoteEnvironment environment(DraftSpace drafts) {
    return environment(drafts, TIMEOUTS);
  }

  static RemoteEnvironment environment(DraftSpace drafts, Timeouts timeouts) {
    Clock clock = Clock.systemUTC();
    return new RemoteEnvironment(
        clock,
        new Retrier(RetryPolicy.DEFAULT, clock, new SplittableRandom(1), Sleeper.SYSTEM),
        drafts,
        timeouts);
  }

  static S3Options options(String host, String bucket, String prefix) {
    return S3Options.of(
        bucket,
        prefix,
        new S3Options.Endpoint(host, "", true, false, S3Options.Pem.NONE),
        S3Options.Credentials.of(S3Servers.ACCESS_KEY, S3Servers.SECRET_KEY, ""));
  }

  /// Makes a bucket.
  static void makeBucket(S3Options options, Map<String, String> headers) throws IOException {
    client(options)
        .send(S3Request.of("PUT", "").withBody(headers, new Body.OfBuffer(ByteBuffer.allocate(0))))
        .close();
  }

  static S3Client client(S3Options options) throws IOException {
    return new S3Client(
        S3Target.of(options),
        "",
        new HttpTransport(null, TIMEOUTS, "test"),
        new S3Signer(S3Credentials.of(options.credentials()).provider()),
        Clock.systemUTC());
  }
}
