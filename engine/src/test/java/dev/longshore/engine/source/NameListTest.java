package dev.longshore.engine.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameListTest {
  private static byte[] raw(int... bytes) {
    byte[] name = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      name[i] = (byte) bytes[i];
    }
    return name;
  }

  @Test
  void sortsDirectoriesFirstThenByUnsignedBytes() throws IOException {
    NameList list = new NameList();
    list.add(false, raw('a'));
    list.add(true, raw('b'));
    list.add(false, raw(0xff));
    list.add(false, raw('a', 'a'));
    list.add(true, raw(0x80));
    list.add(false, raw(0xc3, 0xa9));

    NameList.Sorted sorted = list.sort();

    assertEquals(6, sorted.count());
    assertArrayEquals(raw('b'), sorted.name(0));
    assertTrue(sorted.isDirectory(0));
    assertArrayEquals(raw(0x80), sorted.name(1));
    assertArrayEquals(raw('a'), sorted.name(2));
    assertFalse(sorted.isDirectory(2));
    assertArrayEquals(raw('a', 'a'), sorted.name(3));
    assertArrayEquals(raw(0xc3, 0xa9), sorted.name(4));
    assertArrayEquals(raw(0xff), sorted.name(5));
  }

  @Test
  void findsExactlyWhatWasAdded() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 20; round++) {
      NameList list = new NameList();
      List<byte[]> names = new ArrayList<>();
      int count = random.nextInt(3000);
      for (int i = 0; i < count; i++) {
        byte[] name = new byte[1 + random.nextInt(4)];
        random.nextBytes(name);
        names.add(name);
        list.add(random.nextBoolean(), name);
      }
      NameList.Sorted sorted = list.sort();
      for (int i = 1; i < sorted.count(); i++) {
        if (sorted.isDirectory(i - 1) == sorted.isDirectory(i)) {
          assertTrue(Arrays.compareUnsigned(sorted.name(i - 1), sorted.name(i)) <= 0);
        } else {
          assertTrue(sorted.isDirectory(i - 1));
        }
      }
      for (byte[] name : names) {
        assertTrue(sorted.contains(name));
        byte[] longer = Arrays.copyOf(name, 6);
        longer[5] = 1;
        assertFalse(sorted.contains(longer));
      }
    }
  }

  @Test
  void sortsStably() {
    int[] keys = {3, 1, 3, 1, 2, 2};
    int[] order = IndexSort.sort(keys.length, (a, b) -> keys[a] - keys[b]);
    assertArrayEquals(new int[] {1, 3, 4, 5, 0, 2}, order);
  }
}
