package dev.longshore.engine.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.content.ContentVerifier.Trouble;
import dev.longshore.engine.repository.FakeRepository;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a verification may take off the list of known damage, and what not.
class DamageNotesTest {
  private final FakeRepository fake = FakeRepository.create();

  @AfterEach
  void close() throws Exception {
    fake.close();
  }

  @Test
  void whatNoEntryNamesStaysUntilOneDoes() throws Exception {
    ContentId lost = fake.idOf(new byte[] {1, 2, 3});
    DamageNotes found = new DamageNotes();
    found.note(fake.repository().contents(), lost);
    assertEquals(1, found.save(fake.repository(), true).size());
    // All contents are sound; this one is none of them, and snapshots still need it.
    DamageList still = new DamageNotes().save(fake.repository(), true);
    assertEquals(java.util.Set.of(lost), still.absent());
    assertEquals(lost, fake.write(new byte[] {1, 2, 3}));
    assertTrue(new DamageNotes().save(fake.repository(), true).isEmpty());
  }

  @Test
  void whatCouldNotBeLookedAtCountsAsNotHealed() throws Exception {
    ContentId id = fake.write(new byte[] {4, 5, 6});
    IndexEntry entry = fake.repository().contents().find(id).orElseThrow();
    DamageNotes found = new DamageNotes();
    found.note(entry, Trouble.DAMAGED);
    found.save(fake.repository(), true);
    DamageNotes cutOff = new DamageNotes();
    cutOff.note(entry, Trouble.UNREADABLE);
    assertTrue(cutOff.save(fake.repository(), true).touches(entry), "it may be damaged still");
    assertFalse(new DamageNotes().save(fake.repository(), true).touches(entry), "all was sound");
  }
}
