package dev.longshore.engine.blob.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.StoreContract;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.testkit.Azurite;
import dev.longshore.engine.testkit.ServerProcess;
import dev.longshore.format.id.BlobId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on Azurite, which checks signatures.
class AzuriteStoreTest extends StoreContract {
  @TempDir static Path folder;
  private static ServerProcess server;
  private static int stores;
  private AzureOptions options = AzureTestStores.options("127.0.0.1:1", "none", "");

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Azurite.find();
    assumeTrue(program.isPresent(), "no Node.js and npm to run Azurite");
    server = Azurite.start(program.orElseThrow(), folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  /// It takes the headers, and keeps no lock.
  @Override
  protected boolean canLock() {
    return true;
  }

  @Override
  protected BlobStore newStore() throws Exception {
    options = AzureTestStores.options(server.address(), "container-" + stores++, "some prefix/");
    AzureTestStores.container(options).client().create();
    return AzureStore.open(
        options,
        AzureTestStores.environment(Optional.of(folder.resolve("drafts")), Timeouts.DEFAULT),
        "");
  }

  @Test
  void kopiasOwnTimeCounts() throws Exception {
    var put = new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(new byte[3]));
    put.setMetadata(Map.of("Kopiamtime", "1700000000123456789"));
    AzureTestStores.container(options)
        .blob("p1")
        .getBlockBlobClient()
        .uploadWithResponse(put, null, com.azure.core.util.Context.NONE);
    Instant time = Instant.ofEpochSecond(1_700_000_000L, 123_456_789);
    assertEquals(time, store().metadata(new BlobId("p1")).orElseThrow().timestamp());
    List<Instant> listed = new ArrayList<>();
    store().list("p", blob -> listed.add(blob.timestamp()));
    assertEquals(List.of(time), listed);
  }
}
