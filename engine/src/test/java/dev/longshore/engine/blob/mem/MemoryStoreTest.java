package dev.longshore.engine.blob.mem;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.StoreContract;
import dev.longshore.engine.testkit.FakeClock;

final class MemoryStoreTest extends StoreContract {
  @Override
  protected BlobStore newStore() {
    return new MemoryStore(FakeClock.of2026());
  }
}
