package dev.longshore.engine.blob.azure;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PastContract;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.testkit.FaultyAzure;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The past of a container, on a server of our own: Azurite keeps no versions.
@Timeout(60)
class AzurePastTest extends PastContract {
  private FaultyAzure server = newServer();
  private Instant time = Instant.parse("2026-11-21T10:00:00.500Z");

  private static FaultyAzure newServer() {
    try {
      return new FaultyAzure();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.time(time);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private BlobStore open(String pointInTime) throws Exception {
    AzureOptions plain = AzureTestStores.options(server.address(), "container", "a/");
    return AzureStore.open(
        new AzureOptions(
            plain.container(),
            plain.prefix(),
            plain.storageAccount(),
            plain.credentials(),
            plain.storageDomain(),
            true,
            plain.limits(),
            pointInTime),
        AzureTestStores.environment(Optional.empty(), Timeouts.DEFAULT),
        "");
  }

  @Override
  protected BlobStore present() throws Exception {
    return open("");
  }

  @Override
  protected BlobStore past(Instant at) throws Exception {
    return open(at.toString());
  }

  @Override
  protected Instant pass() {
    Instant between = time.plusSeconds(5);
    time = time.plusSeconds(10);
    server.time(time);
    return between;
  }

  @Test
  void refusesTimesThatAreNone() {
    assertThrows(StoreException.class, () -> open("yesterday"));
  }
}
