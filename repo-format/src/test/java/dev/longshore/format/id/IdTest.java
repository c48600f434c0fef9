package dev.longshore.format.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00",
        "k00",
        "zff",
        "g00112233445566778899aabbccddeeff",
        "00112233445566778899aabbccddeeff",
      })
  void contentIdsComeBackFromTheirText(String text) {
    ContentId id = ContentId.parse(text).orElseThrow();
    assertEquals(text, id.toString());
    assertEquals(id, ContentId.parse(text.replace("aabb", "AABB")).orElseThrow());
    byte[] key = new byte[id.keyLength() + 3];
    id.putKey(ByteBuffer.wrap(key, 2, id.keyLength()));
    assertEquals(id, ContentId.ofKey(key, 2, id.keyLength()));
    assertEquals(id.hashCode(), ContentId.ofKey(key, 2, id.keyLength()).hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "k", "0", "f00", "K00", "{00", "kk", "0g", "k0g", "\u066000", "\u0000ab"})
  void otherTextsAreNoContentIds(String text) {
    assertEquals(Optional.empty(), ContentId.parse(text));
    assertEquals(Optional.empty(), ContentId.parse("k" + "00".repeat(33)));
  }

  @Test
  void contentIdsSortByUnsignedBytesWithUnprefixedFirst() {
    List<ContentId> ids = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 500; i++) {
      byte[] hash = new byte[16];
      random.nextBytes(hash);
      Arrays.fill(hash, 0, random.nextInt(16), (byte) random.nextInt(2));
      ids.add(ContentId.of(random.nextBoolean() ? 'k' : ContentId.NO_PREFIX, hash));
    }
    Collections.sort(ids);
    for (int i = 1; i < ids.size(); i++) {
      // For hashes of one length this is the order of the texts, for '0'..'f' sorts before 'g'.
      assertTrue(ids.get(i - 1).toString().compareTo(ids.get(i).toString()) <= 0);
    }
    for (int i = 0; i + 1 < ids.size(); i++) {
      byte[] key = new byte[20];
      ids.get(i + 1).putKey(ByteBuffer.wrap(key, 3, 17));
      int order = ids.get(i).compareToKey(MemorySegment.ofArray(key), 3, 17);
      assertEquals(Integer.signum(ids.get(i).compareTo(ids.get(i + 1))), Integer.signum(order));
    }
  }

  @Test
  void aShorterKeyThatIsAPrefixSortsFirst() {
    ContentId id = ContentId.of('k', new byte[20]);
    assertTrue(id.compareToKey(MemorySegment.ofArray(new byte[] {'k', 0, 0}), 0, 3) > 0);
    ContentId brief = ContentId.of('k', new byte[2]);
    byte[] key = new byte[21];
    key[0] = 'k';
    assertTrue(brief.compareToKey(MemorySegment.ofArray(key), 0, 21) < 0);
  }

  @Test
  void theHashHeadIsTheFirstEightBytes() {
    byte[] hash = {(byte) 0x80, 1, 2, 3, 4, 5, 6, 7, 8};
    assertEquals(0x8001020304050607L, ContentId.of('k', hash).hashHead());
    assertEquals(0x8001020304050600L, ContentId.of('k', hash, 0, 7).hashHead());
    assertEquals(0x8000000000000000L, ContentId.of('k', hash, 0, 1).hashHead());
  }

  @Test
  void theCipherIvIsTheEndOfTheHash() {
    byte[] hash = new byte[28];
    Arrays.fill(hash, 12, 28, (byte) 7);
    byte[] iv = ContentId.of('k', hash).cipherIv();
    assertEquals(16, iv.length);
    assertEquals(7, iv[0]);
    assertThrows(IllegalStateException.class, () -> ContentId.of('k', new byte[15]).cipherIv());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a/b", "a\\b", "a b", "a\u0000", "\u00e9", "a\n", "/etc/passwd"})
  void namesThatCouldBecomePathsAreNoBlobIds(String name) {
    assertFalse(BlobId.isValid(name));
    assertThrows(IllegalArgumentException.class, () -> new BlobId(name));
    assertTrue(BlobId.isValid("a".repeat(512)));
    assertFalse(BlobId.isValid("a".repeat(513)));
  }
}
