package dev.longshore.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.id.ContentId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdSetTest {
  @Test
  void isASetAcrossManyGrowths() {
    Random random = new Random(1);
    IdSet set = new IdSet();
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
    IdSet set = new IdSet();

    assertFalse(set.contains(zero, 0));
    assertTrue(set.add(zero, 0));
    assertFalse(set.add(zero, 0));
    assertTrue(set.add(ContentId.of('k', new byte[16]), 0));
  }
}
