package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.CachingOptions;
import dev.longshore.engine.repository.FakeRepository;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was fetched damaged must not stay on the local disk.
class CachedPartsTest {
  @TempDir Path folder;

  @Test
  void aPartThatCannotBeOpenedIsFetchedAnew() throws Exception {
    byte[] bytes = Seeds.bytes(Seeds.generator(1), 100_000);
    try (FakeRepository fake = FakeRepository.create()) {
      ContentId id = fake.write(bytes);
      boolean[] spoils = {true};
      var flaky =
          new ForwardingStore(fake.store()) {
            @Override
            public byte[] getRange(BlobId blob, long offset, int length)
                throws RepositoryException {
              byte[] read = inner().getRange(blob, offset, length);
              if (spoils[0] && blob.startsWith("p")) {
                read[length / 2] ^= 1;
              }
              return read;
            }

            @Override
            public void getRange(BlobId blob, long offset, ByteBuffer into)
                throws RepositoryException {
              into.put(getRange(blob, offset, into.remaining()));
            }

            @Override
            public boolean isLocal() {
              return false;
            }
          };
      CachingOptions caching = CachingOptions.in(folder.resolve("cache"));
      try (Repository client = fake.open(flaky, caching)) {
        assertThrows(DamagedException.class, () -> client.contents().read(id));
        spoils[0] = false;
        assertArrayEquals(bytes, client.contents().read(id));
        // And from the disk, as proof that it keeps what it was given.
        spoils[0] = true;
        assertArrayEquals(bytes, client.contents().read(id));
      }
    }
  }
}
