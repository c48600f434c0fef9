package dev.longshore.engine.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.repository.FakeRepository;
import dev.longshore.engine.sync.RepositorySync;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private final FakeRepository fake = FakeRepository.create();

  @AfterEach
  void close() throws Exception {
    fake.close();
  }

  private List<Finding> examine(BlobStore store) {
    Doctor doctor = new Doctor(new Random(1), what -> {});
    doctor.examine(store, fake.clock(), true);
    return doctor.diagnosis().findings();
  }

  private List<String> probes() throws RepositoryException {
    List<String> found = new ArrayList<>();
    fake.store().list("longshore.", blob -> found.add(blob.id().value()));
    return found;
  }

  private static boolean says(List<Finding> findings, String words) {
    return findings.stream()
        .anyMatch(found ->
            found.problem().contains(words)
                || found.next().stream().anyMatch(next -> next.contains(words)));
  }

  /// A store that cannot look at the blob that was written to try it.
  private class Blind extends ForwardingStore {
    Blind() {
      super(fake.store());
    }

    @Override
    public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
      if (id.startsWith("longshore.")) {
        throw new StoreException("metadata " + id, StoreException.Retry.NEVER);
      }
      return inner().metadata(id);
    }
  }

  @Test
  void theBlobThatTriesTheStoreGoesWhateverFails() throws Exception {
    List<Finding> findings = examine(new Blind());
    assertTrue(
        says(findings, "The store can be read, but not written: metadata"), findings::toString);
    assertEquals(List.of(), probes());
    assertEquals(1, findings.size(), findings::toString);
  }

  @Test
  void aBlobThatCannotBeDeletedIsNamed() throws Exception {
    var sticky =
        new Blind() {
          @Override
          public void delete(BlobId id) throws RepositoryException {
            throw new StoreException("delete " + id, StoreException.Retry.NEVER);
          }
        };
    List<Finding> findings = examine(sticky);
    String left = probes().getFirst();
    assertTrue(
        says(findings, "repo blob delete --dangerous-commands=enabled " + left),
        findings::toString);
  }

  @Test
  void aStoreThatTakesNothingLeavesNothingToDelete() throws Exception {
    var full =
        new ForwardingStore(fake.store()) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            throw new StoreException("put " + id, StoreException.Retry.NEVER);
          }

          @Override
          public void delete(BlobId id) throws RepositoryException {
            throw new StoreException("delete " + id, StoreException.Retry.NEVER);
          }
        };
    List<Finding> findings = examine(full);
    assertEquals(1, findings.size(), findings::toString);
  }

  @Test
  void numbersAreOfAllAndNotOfThoseThatAreNamed() throws Exception {
    int count = 1200;
    byte[][] contents = new byte[count][];
    for (int i = 0; i < count; i++) {
      contents[i] = Seeds.bytes(Seeds.generator(i), 100);
    }
    fake.write(contents);
    BlobId[] pack = new BlobId[1];
    fake.store().list("p", blob -> pack[0] = blob.id());
    byte[] bytes = fake.store().get(pack[0]);
    for (int i = 0; i < bytes.length; i += 50) {
      bytes[i] ^= 1;
    }
    fake.store().put(pack[0], ByteBuffer.wrap(bytes), PutOptions.NONE);
    for (int i = 0; i < 30; i++) {
      put("other" + i);
    }
    Doctor doctor = new Doctor(new Random(1), what -> {});
    doctor.examine(fake.store(), fake.clock(), true);
    doctor.examine(fake.repository(), true);
    List<Finding> findings = doctor.diagnosis().findings();
    Finding damaged = find(findings, count + " contents are damaged.");
    assertEquals(Finding.MAX_DETAILS + 1, damaged.details().size());
    assertEquals("and 1180 more", damaged.details().getLast());
    assertEquals("and 10 more", find(findings, "30 blobs do not belong").details().getLast());
  }

  private static Finding find(List<Finding> findings, String words) {
    return findings.stream()
        .filter(found -> found.problem().contains(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError(words + ": " + findings));
  }

  private void put(String name) throws RepositoryException {
    fake.store().put(new BlobId(name), ByteBuffer.wrap(new byte[1]), PutOptions.NONE);
  }

  @Test
  void aCopyThatIsNotWholeIsCalledSo() throws Exception {
    assertFalse(says(examine(fake.store()), "sync-to"));
    put(RepositorySync.UNFINISHED.value());
    assertTrue(says(examine(fake.store()), "sync-to"));
  }
}
