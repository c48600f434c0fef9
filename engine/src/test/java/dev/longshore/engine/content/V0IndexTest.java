package dev.longshore.engine.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.epoch.CompactionLog;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Index blobs of repositories without epochs: a compaction counts once it is whole.
final class V0IndexTest {
  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore memory = new MemoryStore(clock);
  private final RepositoryFormat format = TestContents.asVersion1(TestContents.defaultFormat());
  private final RandomGenerator random = Seeds.generator(6);

  private ContentStore open() throws RepositoryException {
    return TestContents.open(memory, format, clock);
  }

  private void write(ContentStore contents, int count) throws RepositoryException {
    try (ContentSession session = contents.openSession(ContentWriteOptions.DEFAULT)) {
      for (int i = 0; i < count; i++) {
        byte[] data = Seeds.bytes(random, 100);
        session.write(ContentId.NO_PREFIX, data, 0, data.length, Optional.empty());
        session.flush();
      }
    }
  }

  private List<BlobMetadata> list(String prefix) throws RepositoryException {
    List<BlobMetadata> found = new ArrayList<>();
    memory.list(prefix, found::add);
    return found;
  }

  @Test
  void aLogReplacesItsInputsOnceItsOutputsAreThere() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 3);
      List<BlobMetadata> inputs = list("n");
      assertEquals(3, inputs.size());
      // The compaction drops one of the three, so that it shows whose entries count.
      List<IndexEntry> kept = new ArrayList<>();
      contents.forEach(ContentRange.ALL, kept::add);
      IndexEntry dropped = kept.removeFirst();
      IndexBlobs blobs = contents.blobs();
      byte[] merged = IndexBuilder.of(kept).build(1, null);
      BlobId output = blobs.put("n", "", merged);
      BlobMetadata outputBlob = memory.metadata(output).orElseThrow();
      memory.delete(output);
      blobs.put("m", "", new CompactionLog(inputs, List.of(outputBlob)).encode());

      contents.refresh();
      assertTrue(contents.find(dropped.contentId()).isPresent(), "the output is missing");
      blobs.put("n", "", merged);
      contents.refresh();
      assertTrue(contents.find(dropped.contentId()).isEmpty());
      assertEquals(
          List.of(output), contents.activeIndexBlobs().stream().map(BlobMetadata::id).toList());
      for (IndexEntry entry : kept) {
        assertEquals(100, contents.read(entry.contentId()).length);
      }
      for (BlobMetadata input : inputs) {
        memory.delete(input.id());
      }
      contents.refresh();
      assertEquals(1, contents.activeIndexBlobs().size());
      assertEquals(1, contents.allIndexBlobs().size());
      assertTrue(contents.epochs().isEmpty());
    }
  }

  @Test
  void anUpgradeToEpochsIsToldFromDamage() throws Exception {
    try (ContentStore contents = open()) {
      write(contents, 1);
      ByteBuffer text = ByteBuffer.wrap("upgraded".getBytes(StandardCharsets.UTF_8));
      memory.put(V0IndexSet.POISON, text, PutOptions.NONE);
      UnsupportedException fault = assertThrows(UnsupportedException.class, contents::refresh);
      assertTrue(fault.toString().contains("upgraded to epochs"), fault::toString);
    }
    assertThrows(UnsupportedException.class, () -> open().close());
  }
}
