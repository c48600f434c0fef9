package dev.longshore.engine.blob.azure;

import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.blob.remote.DraftSpace;
import dev.longshore.engine.blob.remote.HttpTransport;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.testkit.Azurite;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.SplittableRandom;

/// Stores in servers that tests start.
final class AzureTestStores {
  private AzureTestStores() {}

  static RemoteEnvironment environment(Optional<Path> drafts, Timeouts timeouts) {
    Clock clock = Clock.systemUTC();
    return new RemoteEnvironment(
        clock,
        new Retrier(RetryPolicy.DEFAULT, clock, new SplittableRandom(1), Sleeper.SYSTEM),
        new DraftSpace(drafts, 3 << 20),
        timeouts);
  }

  /// Plain HTTP, with the account in the path.
  static AzureOptions options(String address, String container, String prefix) {
    return new AzureOptions(
        container,
        prefix,
        Azurite.ACCOUNT,
        AzureOptions.Credentials.ofKey(Azurite.KEY),
        address,
        true,
        ThrottlingLimits.NONE,
        "");
  }

  static AzureContainer container(AzureOptions options) throws StoreException {
    var transport = new AzureTransport(new HttpTransport(null, Timeouts.DEFAULT, "test"));
    return AzureContainer.of(options, new AzureCredentials("", transport));
  }
}
