package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Contents read in runs, where they are opened in place, are those that are read one by one.
final class RunReaderPropertyTest {
  private static final String AES = "AES256-GCM-HMAC-SHA256";
  private static final String CHACHA = "CHACHA20-POLY1305-HMAC-SHA256";

  static List<RepositoryFormat> formats() {
    List<RepositoryFormat> formats = new ArrayList<>();
    for (String hash : List.of("BLAKE2B-256-128", "BLAKE2S-256", "BLAKE3-256", "HMAC-SHA256-128")) {
      for (String cipher : List.of(AES, CHACHA)) {
        RepositoryFormat format =
            TestContents.withPackSize(TestContents.format(hash, cipher), 200_000);
        formats.add(format);
        formats.add(TestContents.withEcc(format, 10));
      }
    }
    return formats;
  }

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final RandomGenerator random = Seeds.generator(11);

  @ParameterizedTest
  @MethodSource("formats")
  void aRunGivesWhatSingleReadsGive(RepositoryFormat format) throws Exception {
    List<ContentId> ids = write(format);
    compareAll(format, ids);
    damagePacks();
    int damaged = compareAll(format, ids);
    assertTrue(damaged > 0, "some contents are damaged");
    assertTrue(damaged < ids.size(), "some are not");
  }

  private List<ContentId> write(RepositoryFormat format) throws RepositoryException {
    List<ContentId> ids = new ArrayList<>();
    try (ContentStore contents = TestContents.open(store, format, clock);
        ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      Compression[] compressions = Compression.values();
      for (int i = 0; i < 80; i++) {
        byte[] data = Seeds.bytes(random, i == 0 ? 0 : random.nextInt(20_000));
        if (i % 2 == 0) {
          Arrays.fill(data, data.length / 3, data.length, (byte) i);
        }
        Optional<Compression> compression =
            i % 5 == 0 ? Optional.empty() : Optional.of(compressions[i % compressions.length]);
        ids.add(session.write(ContentId.NO_PREFIX, data, 0, data.length, compression));
      }
      session.flush();
    }
    return ids;
  }

  private void damagePacks() throws RepositoryException {
    List<BlobId> packs = new ArrayList<>();
    store.list("p", blob -> packs.add(blob.id()));
    for (BlobId pack : packs) {
      byte[] bytes = store.get(pack);
      for (int i = 0; i < 3; i++) {
        int at = random.nextInt(bytes.length);
        Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(800)), (byte) 0x5a);
      }
      if (pack.equals(packs.getFirst())) {
        bytes = Arrays.copyOf(bytes, bytes.length * 2 / 3);
      }
      store.put(pack, ByteBuffer.wrap(bytes), PutOptions.NONE);
    }
  }

  /// Returns how many contents could not be read.
  private int compareAll(RepositoryFormat format, List<ContentId> ids) throws Exception {
    Map<ContentId, String> found = new HashMap<>();
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      List<IndexEntry> entries = new ArrayList<>();
      for (ContentId id : ids) {
        // Some are left out, so that there are gaps.
        if (random.nextInt(10) > 0) {
          entries.add(contents.find(id).orElseThrow());
        }
      }
      BoundedBuffers buffers = contents.buffers(300_000, ContentCheck.HASHED);
      for (PackRun run : PackRun.plan(entries, buffers.usualBytes())) {
        contents.read(
            run,
            buffers,
            ContentCheck.HASHED,
            new PackVisitor() {
              @Override
              public void content(IndexEntry entry, ByteSpan plain) {
                put(found, entry, Arrays.toString(plain.toArray()));
              }

              @Override
              public void fault(IndexEntry entry, RepositoryException fault) {
                put(found, entry, fault.getClass().getName());
              }
            });
      }
      assertEquals(entries.size(), found.size());
      assertTrue(buffers.mostBytes() <= 300_000, "within the budget: " + buffers.mostBytes());
      int faults = 0;
      for (IndexEntry entry : entries) {
        String alone;
        try {
          alone = Arrays.toString(contents.read(entry.contentId()));
        } catch (RepositoryException e) {
          alone = e.getClass().getName();
          faults++;
        }
        assertEquals(alone, found.get(entry.contentId()), entry::toString);
      }
      return faults;
    }
  }

  private static void put(Map<ContentId, String> found, IndexEntry entry, String what) {
    assertNull(found.put(entry.contentId(), what), () -> "twice: " + entry);
  }

  @Test
  void whatAnIndexClaimsIsNotAllocatedBeforeThePackIsLookedAt() throws Exception {
    RepositoryFormat format = TestContents.format("BLAKE3-256", AES);
    List<ContentId> ids = write(format);
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      IndexEntry entry = contents.find(ids.get(1)).orElseThrow();
      IndexEntry hostile =
          new IndexEntry(
              entry.contentId(),
              entry.packBlobId(),
              entry.packOffset(),
              Integer.MAX_VALUE,
              Integer.MAX_VALUE,
              0,
              false,
              entry.timestampSeconds(),
              entry.formatVersion(),
              0);
      BoundedBuffers buffers = contents.buffers(1 << 20, ContentCheck.HASHED);
      List<RepositoryException> faults = new ArrayList<>();
      for (PackRun run : PackRun.plan(List.of(hostile), buffers.usualBytes())) {
        contents.read(run, buffers, ContentCheck.HASHED, faultsTo(faults));
      }
      assertEquals(1, faults.size());
      assertEquals(0, buffers.mostBytes());
      store.delete(entry.packBlobId());
      contents.read(
          PackRun.plan(List.of(hostile), 1).getFirst(),
          buffers,
          ContentCheck.HASHED,
          faultsTo(faults));
      assertEquals(NotFoundException.class, faults.getLast().getClass());
      assertEquals(0, buffers.mostBytes());
    }
  }

  @Test
  void aContentLargerThanTheHeapIsAFaultOfThatContent() throws Exception {
    RepositoryFormat format = TestContents.format("BLAKE3-256", AES);
    List<ContentId> ids = write(format);
    try (ContentStore contents = TestContents.open(store, format, clock)) {
      IndexEntry entry = contents.find(ids.get(1)).orElseThrow();
      PackRun run = new PackRun(entry.packBlobId(), List.of(entry), Integer.MAX_VALUE - 16);
      List<RepositoryException> faults = new ArrayList<>();
      contents.read(
          run,
          contents.buffers(1 << 20, ContentCheck.HASHED),
          ContentCheck.HASHED,
          faultsTo(faults));
      assertEquals(UnsupportedException.class, faults.getFirst().getClass());
    }
  }

  private static PackVisitor faultsTo(List<RepositoryException> faults) {
    return new PackVisitor() {
      @Override
      public void content(IndexEntry entry, ByteSpan plain) {
        throw new AssertionError(entry);
      }

      @Override
      public void fault(IndexEntry entry, RepositoryException fault) {
        faults.add(fault);
      }
    };
  }
}
