package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PackedEntriesTest {
  private static DirEntry entry(RandomGenerator random) {
    EntryType type = EntryType.ofCode(String.valueOf("fds?".charAt(random.nextInt(4))));
    byte[] name = Seeds.bytes(random, 1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 12));
    byte[] hash = Seeds.bytes(random, 1 + random.nextInt(32));
    ContentId content = ContentId.of(random.nextBoolean() ? 'k' : ContentId.NO_PREFIX, hash);
    boolean compressed = random.nextInt(4) == 0;
    ObjectId id = new ObjectId(compressed ? 0 : random.nextInt(17), compressed, content);
    DirSummary summary =
        random.nextBoolean()
            ? null
            : new DirSummary(random.nextInt(9), 1, 2, 3, 4, "", 5, 6, List.of());
    return new DirEntry(
        RawText.decode(name),
        type,
        random.nextInt(Integer.MAX_VALUE),
        random.nextLong(Long.MAX_VALUE),
        random.nextLong(),
        random.nextLong(1L << 32),
        random.nextLong(1L << 32),
        id,
        summary);
  }

  @Test
  void givesBackWhatWasAddedAndSortsAsStored() {
    Seeds.check(
        8,
        random -> {
          PackedEntries packed = new PackedEntries();
          List<DirEntry> plain = new ArrayList<>();
          PackedEntries copy = packed.copy();
          int copied = 0;
          int count = random.nextInt(1500);
          for (int i = 0; i < count; i++) {
            DirEntry entry = entry(random);
            plain.add(entry);
            packed.add(entry);
            if (i == count / 2) {
              copy = packed.copy();
              copied = i + 1;
            }
          }
          for (int i = 0; i < count; i++) {
            assertEquals(plain.get(i), packed.get(i));
          }
          assertEquals(copied, copy.count());
          for (int i = 0; i < copied; i++) {
            assertEquals(plain.get(i), copy.get(i));
          }
          List<DirEntry> sorted = new ArrayList<>();
          for (int index : packed.sorted()) {
            sorted.add(packed.get(index));
          }
          plain.sort(DirEntry.ORDER);
          assertEquals(plain, sorted);
        });
  }

  @Test
  void aCopyGrowsByItselfEvenAtTheSameTime() throws InterruptedException {
    RandomGenerator random = Seeds.generator(1);
    List<DirEntry> some = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      some.add(entry(random));
    }
    for (int round = 0; round < 20; round++) {
      PackedEntries packed = new PackedEntries();
      packed.add(some.getFirst());
      PackedEntries copy = packed.copy();
      Thread other = Thread.ofPlatform().start(() -> some.reversed().forEach(copy::add));
      some.forEach(packed::add);
      other.join();
      assertEquals(51, copy.count());
      for (int i = 0; i < 50; i++) {
        assertEquals(some.get(i), packed.get(i + 1));
        assertEquals(some.get(49 - i), copy.get(i + 1));
      }
    }
  }

  @Test
  void refusesANameOfMoreThan64KiB() {
    DirEntry entry = entry(Seeds.generator(2)).withName("x".repeat(70_000));
    assertThrows(IllegalArgumentException.class, () -> new PackedEntries().add(entry));
  }
}
