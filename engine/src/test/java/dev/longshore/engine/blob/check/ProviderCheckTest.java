package dev.longshore.engine.blob.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProviderCheckTest {
  private static final ProviderCheckOptions SHORT =
      new ProviderCheckOptions(Duration.ofMinutes(3), Duration.ofMillis(400), 2, 2, 2, 2, 20_000);

  private final List<String> steps = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  private void check(BlobStore store) throws RepositoryException {
    var listener =
        new ProviderCheck.Listener() {
          @Override
          public void step(String what) {
            steps.add(what);
          }

          @Override
          public void notice(String text) {
            notices.add(text);
          }
        };
    new ProviderCheck(
            List.of(store, store), SHORT, Clock.systemUTC(), new SeededRandom(1), listener)
        .run();
  }

  /// A store that fails the check for a reason with this in it, and is left empty.
  private void refuses(String reason, ForwardingStore bad, BlobStore beneath) throws Exception {
    var refused = assertThrows(UnsupportedException.class, () -> check(bad));
    assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::getMessage);
    beneath.list("", blob -> assertEquals("nothing", blob.id().value()));
  }

  @Test
  void aGoodStorePassesAndIsEmptyAfterwards() throws Exception {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    check(store);
    store.list("", blob -> assertEquals("nothing", blob.id().value()));
    assertEquals(13, steps.size(), steps::toString);
    assertEquals(List.of(), notices);
  }

  @Test
  void saysWhereAStoreMerelyDoesLess() throws Exception {
    check(
        new ForwardingStore(new MemoryStore(Clock.systemUTC())) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            inner().put(id, content, PutOptions.NONE);
          }
        });
    assertEquals(1, notices.size());
  }

  @Test
  void findsWhatABadStoreDoesWrong() throws Exception {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    refuses(
        "a read of the range 0+10",
        new ForwardingStore(store) {
          @Override
          public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
            byte[] bytes = inner().getRange(id, offset, length);
            return Arrays.copyOf(bytes, Math.max(0, length - 1));
          }
        },
        store);
    refuses(
        "a read past the end",
        new ForwardingStore(store) {
          @Override
          public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
            byte[] all = inner().get(id);
            return Arrays.copyOfRange(
                all, (int) offset, (int) Math.min(all.length, offset + length));
          }
        },
        store);
    refuses(
        "a read of a part of a missing blob",
        new ForwardingStore(store) {
          @Override
          public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
            return inner().metadata(id).isEmpty()
                ? new byte[0]
                : inner().getRange(id, offset, length);
          }
        },
        store);
    refuses(
        "the time of a blob",
        new ForwardingStore(store) {
          @Override
          public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
            return inner()
                .metadata(id)
                .map(found ->
                    new BlobMetadata(
                        id, found.lengthBytes(), found.timestamp().plus(Duration.ofMinutes(4))));
          }
        },
        store);
    refuses(
        "a read after a replacement",
        new ForwardingStore(store) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            inner().put(id, content, new PutOptions(Optional.empty(), options.ifAbsent()));
          }

          @Override
          public byte[] get(BlobId id) throws RepositoryException {
            byte[] bytes = inner().get(id);
            return bytes.length == 1000 ? new byte[5_000_000] : bytes;
          }
        },
        store);
  }

  @Test
  void whatItCannotDeleteItNames() throws Exception {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    var sticky =
        new ForwardingStore(store) {
          @Override
          public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
            if (inner().metadata(id).isEmpty()) {
              return Optional.empty();
            }
            throw new StoreException("metadata " + id, StoreException.Retry.NEVER);
          }

          @Override
          public void delete(BlobId id) throws RepositoryException {
            throw new StoreException("delete " + id, StoreException.Retry.NEVER);
          }
        };
    StoreException fault = assertThrows(StoreException.class, () -> check(sticky));
    assertTrue(String.valueOf(fault.getMessage()).startsWith("metadata"), fault::toString);
    List<String> left = new ArrayList<>();
    store.list("", blob -> left.add(blob.id().value()));
    assertEquals(1, left.size());
    assertTrue(notices.getLast().contains("repo blob delete"), notices::toString);
    String prefix = left.getFirst().substring(0, left.getFirst().length() - 2);
    assertTrue(notices.getLast().contains(prefix), notices::toString);
  }

  @Test
  void leavesNothingThoughItsListsAreShort() throws Exception {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    var mute =
        new ForwardingStore(store) {
          @Override
          public void list(String prefix, Visitor visitor) {}
        };
    refuses("a list of", mute, store);
  }

  @Test
  void findsListsAndReadsThatAreLateUnderLoad() throws Exception {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    var lists = new AtomicInteger();
    refuses(
        "a list after writing",
        new ForwardingStore(store) {
          @Override
          public void list(String prefix, Visitor visitor) throws RepositoryException {
            boolean late = prefix.endsWith("b") && lists.incrementAndGet() > 5;
            inner()
                .list(
                    prefix,
                    blob -> {
                      if (!late) {
                        visitor.visit(blob);
                      }
                    });
          }
        },
        store);
    refuses(
        "a read beside others",
        new ForwardingStore(store) {
          @Override
          public byte[] get(BlobId id) throws RepositoryException {
            byte[] bytes = inner().get(id);
            return bytes.length > 1000 && bytes.length < 100_000
                ? Arrays.copyOf(bytes, bytes.length / 2)
                : bytes;
          }
        },
        store);
  }
}
