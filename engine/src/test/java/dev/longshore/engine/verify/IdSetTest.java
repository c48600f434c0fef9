package dev.longshore.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.id.ContentId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSetTest {
  @Test
  void aFullSetForgetsWhatComesAndKeepsWhatItHas() {
    IdSet set = new IdSet(32 << 10);
    Random random = new Random(9);
    List<ContentId> ids = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      byte[] hash = new byte[16];
      random.nextBytes(hash);
      ids.add(ContentId.of('k', hash));
      assertTrue(set.add(ids.getLast(), 0));
    }
    long kept = ids.stream().filter(id -> set.contains(id, 0)).count();
    assertTrue(kept > 1000 && kept <= (32 << 10) / 16, kept + " kept");
    for (ContentId id : ids.subList(0, 1000)) {
      assertFalse(set.add(id, 0));
    }
    assertTrue(set.add(ids.getLast(), 0), "as if it was new");
  }

  @Test
  void isASetAcrossManyGrowths() {
    Random random = new Random(1);
    IdSet set = new IdSet(1 << 30);
    Set<ContentId> oracle = new HashSet<>();
    ContentId last = ContentId.of(ContentId.NO_PREFIX, new byte[32]);
    for (int i = 0; i < 50_000; i++) {
      byte[] hash = new byte[i % 2 == 0 ? 16 : 32];
      random.nextBytes(hash);
      ContentId id = i % 5 == 4 ? last : ContentId.of(i % 3 == 0 ? 'k' : ContentId.NO_PREFIX, hash);
      assertEquals(oracle.add(id), set.add(id, 0));
      last = id;
    }
    for (ContentId id : oracle) {
      assertTrue(set.contains(id, 0));
      assertFalse(set.contains(id, 1));
    }
  }

  @Test
  void holdsTheIdOfZeros() {
    ContentId zero = ContentId.of(ContentId.NO_PREFIX, new byte[16]);
    IdSet set = new IdSet(1 << 30);

    assertFalse(set.contains(zero, 0));
    assertTrue(set.add(zero, 0));
    assertFalse(set.add(zero, 0));
    assertTrue(set.add(ContentId.of('k', new byte[16]), 0));
  }
}
