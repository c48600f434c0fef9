package dev.longshore.engine.blob.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.RemoteFaultContract;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FaultyAzure;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AzureFaultTest extends RemoteFaultContract<FaultyAzure> {
  @Override
  protected FaultyAzure newServer() throws IOException {
    return new FaultyAzure();
  }

  @Override
  protected BlobStore open(Optional<Path> drafts) throws RepositoryException {
    return AzureStore.open(
        AzureTestStores.options(server().address(), "container", PREFIX),
        AzureTestStores.environment(drafts, SHORT),
        "");
  }

  @Test
  void deletingALockedBlobHidesItAndKeepsItsVersion() throws Exception {
    BlobRetention retention = new BlobRetention("GOVERNANCE", Duration.ofDays(3));
    try (BlobStore store = open()) {
      store.put(ID, ByteBuffer.wrap(new byte[5]), new PutOptions(Optional.of(retention), false));
      store.delete(ID);
      assertEquals(List.of("a/p0 1 false"), server().state());
      assertThrows(NotFoundException.class, () -> store.get(ID));
      store.list(
          "",
          blob -> {
            throw new AssertionError(blob.toString());
          });
      store.delete(ID);
    }
  }
}
