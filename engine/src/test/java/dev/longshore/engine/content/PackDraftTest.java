package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Packs while they grow: contents small enough to be gathered, and large ones that find room.
final class PackDraftTest {
  private static final int THREADS = 4;

  private final FakeClock clock = FakeClock.of2026();
  private final RepositoryFormat format =
      TestContents.withPackSize(TestContents.defaultFormat(), 700_000);

  /// A size from nothing to far above the largest that is gathered.
  private static byte[] content(RandomGenerator random) {
    return Seeds.bytes(random, random.nextInt(1 << random.nextInt(1, 20)));
  }

  private static ContentId write(ContentWriter writer, char prefix, byte[] data)
      throws RepositoryException {
    return writer.write(prefix, data, 0, data.length, Optional.empty());
  }

  @Test
  @Timeout(120)
  void threadsFillPacksSideBySide(@TempDir Path folder) throws Exception {
    FilesystemOptions options = FilesystemOptions.of(folder.toString());
    Map<ContentId, byte[]> written = new ConcurrentHashMap<>();
    try (BlobStore store = FilesystemStore.create(options);
        ContentStore contents = TestContents.open(store, format, clock)) {
      try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT);
          ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Future<?>> done = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          RandomGenerator random = Seeds.generator(thread);
          done.add(
              threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                  byte[] data = content(random);
                  ContentId id = write(session, i % 4 == 0 ? 'k' : ContentId.NO_PREFIX, data);
                  written.put(id, data);
                  assertArrayEquals(data, session.read(id));
                  if (i == 30) {
                    session.flush();
                  }
                }
                return null;
              }));
        }
        for (Future<?> thread : done) {
          thread.get();
        }
        session.flush();
      }
      for (Map.Entry<ContentId, byte[]> content : written.entrySet()) {
        assertArrayEquals(content.getValue(), contents.read(content.getKey()));
      }
      // Each pack's own index names what is in it.
      Map<ContentId, Integer> recovered = new HashMap<>();
      List<BlobId> packs = new ArrayList<>();
      store.list("p", blob -> packs.add(blob.id()));
      store.list("q", blob -> packs.add(blob.id()));
      for (BlobId pack : packs) {
        contents
            .recovery()
            .entriesOf(pack)
            .forEach(entry -> recovered.put(entry.contentId(), entry.originalLength()));
      }
      Map<ContentId, Integer> expected = new HashMap<>();
      written.forEach((id, data) -> expected.put(id, data.length));
      assertEquals(expected, recovered);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      assertEquals(List.of(), files.filter(file -> file.toString().contains(".tmp.")).toList());
    }
  }

  @Test
  @Timeout(120)
  void aSessionClosedEarlyLeavesNoFiles(@TempDir Path folder) throws Exception {
    try (BlobStore store = FilesystemStore.create(FilesystemOptions.of(folder.toString()));
        ContentStore contents = TestContents.open(store, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      write(session, ContentId.NO_PREFIX, new byte[100_000]);
      write(session, 'k', new byte[100]);
    }
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      assertEquals(List.of(".shards"), files.map(file -> file.getFileName().toString()).toList());
    }
  }

  /// Drafts of which one write fails.
  private static final class FullStore extends ForwardingStore {
    private final AtomicInteger writesLeft;

    FullStore(BlobStore inner, int writes) {
      super(inner);
      writesLeft = new AtomicInteger(writes);
    }

    @Override
    public BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
        throws RepositoryException {
      BlobDraft draft = super.draft(id, expectedBytes, options);
      return new BlobDraft() {
        @Override
        public void write(long offset, ByteBuffer piece) throws RepositoryException {
          if (writesLeft.decrementAndGet() == 0) {
            throw new StoreException("no space left", Retry.NEVER);
          }
          draft.write(offset, piece);
        }

        @Override
        public void read(long offset, ByteBuffer into) throws RepositoryException {
          draft.read(offset, into);
        }

        @Override
        public void publish(long length) throws RepositoryException {
          draft.publish(length);
        }

        @Override
        public void close() {
          draft.close();
        }
      };
    }
  }

  @Test
  @Timeout(120)
  void aPackThatCouldNotBeWrittenIsNeverSentAndEndsTheSession() throws Exception {
    for (int writes = 1; writes <= 8; writes++) {
      MemoryStore memory = new MemoryStore(clock);
      BlobStore store = new FullStore(memory, writes);
      Map<ContentId, byte[]> written = new HashMap<>();
      boolean failed = false;
      try (ContentStore contents = TestContents.open(store, format, clock);
          ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
        RandomGenerator random = Seeds.generator(writes);
        try {
          for (int i = 0; i < 30; i++) {
            byte[] data = content(random);
            written.put(write(session, i % 4 == 0 ? 'k' : ContentId.NO_PREFIX, data), data);
          }
          session.flush();
        } catch (StoreException e) {
          failed = true;
          assertThrows(StoreException.class, session::flush);
          assertThrows(
              StoreException.class, () -> write(session, ContentId.NO_PREFIX, new byte[1]));
        }
      }
      assertTrue(failed, "write " + writes);
      // What a pack's own index names is there.
      try (ContentStore contents = TestContents.open(memory, format, clock)) {
        List<BlobId> packs = new ArrayList<>();
        memory.list("p", blob -> packs.add(blob.id()));
        for (BlobId pack : packs) {
          for (var entry : contents.recovery().entriesOf(pack)) {
            byte[] raw = contents.readRaw(entry);
            byte[] expected = written.get(entry.contentId());
            if (expected != null) {
              assertArrayEquals(expected, raw);
            }
          }
        }
      }
    }
  }
}
