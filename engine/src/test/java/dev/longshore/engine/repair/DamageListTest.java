package dev.longshore.engine.repair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DamageListTest {
  private static final BlobId LOST = new BlobId("p01");
  private static final BlobId OTHER = new BlobId("p02");

  private static ContentId id(int number) {
    return ContentId.parse("%032x".formatted(number)).orElseThrow();
  }

  private static IndexEntry entry(ContentId id, BlobId pack, int offset) {
    return new IndexEntry(id, pack, offset, 10, 10, 0, false, 1, 2, 0);
  }

  private static DamageList sample() {
    return DamageList.of(Map.of(LOST, 100L), Map.of(OTHER, List.of(id(1), id(2))), List.of(id(9)));
  }

  @Test
  void touchesPlacesAndNotContents() {
    DamageList list = sample();
    assertFalse(list.touches(entry(id(1), LOST, 90)), "it ends where the pack ends");
    assertTrue(list.touches(entry(id(1), LOST, 91)));
    assertTrue(list.touches(entry(id(1), OTHER, 0)));
    assertFalse(list.touches(entry(id(3), OTHER, 0)));
    assertFalse(list.touches(entry(id(1), new BlobId("p03"), 0)), "healed elsewhere");
    assertEquals(4, list.size());
    assertFalse(list.isEmpty());
    assertTrue(DamageList.none().isEmpty());
  }

  @Test
  void comesBackAsItWasStored() {
    DamageList list = sample();
    DamageList again = DamageList.decode(list.encode()).orElseThrow();
    assertArrayEquals(list.encode(), again.encode());
    assertEquals(list.size(), again.size());
    assertArrayEquals(list.encode(), list.with(again).encode());
  }

  @Test
  void countsAPackWithManyDamagedContentsAsLost() {
    List<ContentId> many = new ArrayList<>();
    for (int i = 0; i <= DamageList.MAX_CONTENTS_PER_PACK; i++) {
      many.add(id(i));
    }
    DamageList list = DamageList.of(Map.of(), Map.of(OTHER, many), List.of());
    assertEquals(1, list.size());
    assertTrue(list.touches(entry(id(-1 >>> 1), OTHER, 0)));
  }

  @Test
  void takesWhatItCannotReadForNothing() {
    for (String text :
        List.of("", "[]", "{\"version\":2}", "{\"version\":1,\"packs\":{\"a/b\":1}}")) {
      assertEquals(
          Optional.empty(), DamageList.decode(text.getBytes(StandardCharsets.UTF_8)), text);
    }
  }

  @Test
  void aStateOfALaterVersionBeginsThePassAgain() {
    for (String text : List.of("", "[]", "{\"version\":2}", "{\"version\":1,\"runs\":-1}")) {
      assertEquals(
          Optional.empty(), VerifyPass.decode(text.getBytes(StandardCharsets.UTF_8)), text);
    }
  }

  @Test
  void neitherDecoderTripsOverDamagedBytes() {
    VerifyPass pass = new VerifyPass(5, "p01", 1, 2, 3, 4, 5, 6, 7);
    assertEquals(Optional.of(pass), VerifyPass.decode(pass.encode()));
    int[] sound = new int[1];
    Seeds.check(
        2000,
        random -> {
          for (byte[] bytes : List.of(sample().encode(), pass.encode())) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            sound[0] += DamageList.decode(damaged).isPresent() ? 1 : 0;
            sound[0] += VerifyPass.decode(damaged).isPresent() ? 1 : 0;
          }
        });
    assertTrue(sound[0] > 0, "some damage makes another list");
  }
}
