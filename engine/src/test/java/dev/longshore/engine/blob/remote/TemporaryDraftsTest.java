package dev.longshore.engine.blob.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TemporaryDraftsTest {
  private static final int BYTES = 5_300_001;

  @TempDir private Path folder;

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  private void send(Body body) {
    sent.reset();
    try {
      body.forEachPiece(sent::write);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertEquals(body.length(), sent.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 20, 3 << 20, 64 << 20})
  void sendsWhatWasWrittenInAnyOrderWhateverIsInMemory(long memory) throws Exception {
    TemporaryDrafts drafts = new TemporaryDrafts(new DraftSpace(Optional.of(folder), memory));
    RandomGenerator random = Seeds.generator(memory);
    for (int round = 0; round < 3; round++) {
      byte[] bytes = Seeds.bytes(random, BYTES);
      try (BlobDraft draft = drafts.begin("put x", this::send)) {
        for (int[] range : pieces(random)) {
          ByteBuffer piece = ByteBuffer.wrap(bytes, range[0], range[1] - range[0]);
          draft.write(range[0], piece);
          assertFalse(piece.hasRemaining());
        }
        byte[] middle = new byte[2_000_000];
        draft.read(900_000, ByteBuffer.wrap(middle));
        assertArrayEquals(Arrays.copyOfRange(bytes, 900_000, 2_900_000), middle);
        draft.publish(BYTES);
        assertArrayEquals(bytes, sent.toByteArray());
        draft.publish(BYTES);
        assertArrayEquals(bytes, sent.toByteArray(), "another try");
      }
    }
  }

  private static List<int[]> pieces(RandomGenerator random) {
    List<int[]> pieces = new ArrayList<>();
    for (int at = 0; at < BYTES; ) {
      int end = Math.min(BYTES, at + 1 + random.nextInt(1_500_000));
      pieces.add(new int[] {at, end});
      at = end;
    }
    Collections.shuffle(pieces, new Random(random.nextLong()));
    return pieces;
  }

  @Test
  void aSmallDraftMakesNoFile() throws Exception {
    // A file has no name, so that it is only seen by the folder's being there.
    Path missing = folder.resolve("drafts");
    TemporaryDrafts drafts = new TemporaryDrafts(new DraftSpace(Optional.of(missing), 1 << 20));
    assertTrue(drafts.areUsable());
    Files.delete(missing);
    try (BlobDraft draft = drafts.begin("put x", this::send)) {
      draft.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      draft.publish(3);
    }
    assertArrayEquals(new byte[] {1, 2, 3}, sent.toByteArray());
  }

  @Test
  void memoryIsBoundedAndUsedAgain() {
    DraftMemory memory = new DraftMemory((2 << 20) + 5);
    byte[] first = memory.take();
    assertTrue(first != null && first.length == DraftMemory.PIECE_BYTES);
    assertTrue(memory.take() != null);
    assertNull(memory.take());
    memory.giveBack(first);
    assertSame(first, memory.take());
    assertNull(memory.take());
  }
}
