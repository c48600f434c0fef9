package dev.longshore.engine.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is in the cache is believed only if this repository put it there, and it may vanish.
final class IndexCacheTest {
  private static final RepositoryCrypto CRYPTO = RandomBlobs.crypto(16);

  @TempDir private Path folder;
  private final RandomGenerator random = Seeds.generator(4);
  private RandomBlobs blobs = new RandomBlobs(random, 16, 2000);

  @BeforeEach
  void fill() {
    assumeTrue(Posix.isAvailable());
    for (int i = 0; i < 4; i++) {
      blobs.add(500);
    }
  }

  private IndexCache cache() {
    return IndexCache.in(folder, CRYPTO, new SecureRandom(), 1 << 20);
  }

  private Set<BlobId> active() {
    return Set.copyOf(blobs.plain.keySet());
  }

  private List<Segment> cover(List<Segment> have) throws RepositoryException {
    return cache().cover(blobs.listed(), have, Map.of(), blobs);
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.filter(file -> !file.endsWith("lock")).sorted().toList();
    }
  }

  private void assertRight(List<Segment> segments) throws Exception {
    List<ContentId> expected = new ArrayList<>();
    blobs.expected().forEach(entry -> expected.add(entry.contentId()));
    List<ContentId> found = new ArrayList<>();
    new MergedEntries(segments, List.of())
        .forEach((char) 0, 'z', entry -> found.add(entry.contentId()));
    assertEquals(expected, found);
  }

  @Test
  void anotherProcessFindsWhatIsThere() throws Exception {
    cover(List.of());
    List<Segment> found = cache().find(active(), List.of());
    assertEquals(1, found.size());
    assertEquals(active(), found.getFirst().blobs());
    assertRight(found);
    assertEquals(found, cache().find(active(), found), "what is open is not opened again");
  }

  @Test
  void aSegmentWithABlobThatIsNoLongerInForceIsNotUsed() throws Exception {
    cover(List.of());
    BlobId replaced = blobs.plain.keySet().iterator().next();
    blobs.plain.remove(replaced);
    assertEquals(List.of(), cache().find(active(), List.of()));
    List<Segment> made = cover(List.of());
    assertRight(made);
    assertEquals(1, files().size(), "the old one is gone");
  }

  @Test
  void littleIsMergedBesideMuchAndThenWithIt() throws Exception {
    List<Segment> first = cover(List.of());
    for (int i = 0; i < 30; i++) {
      blobs.add(500);
    }
    List<Segment> all = cover(first);
    assertEquals(1, all.size(), "the new ones were more than the old");
    blobs.add(10);
    List<Segment> two = cover(all);
    assertEquals(2, two.size());
    assertRight(two);
    assertEquals(2, files().size());
    assertEquals(2, cache().find(active(), List.of()).size());
  }

  @Test
  void filesAreForTheirOwnerOnly() throws Exception {
    cover(List.of());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
  }

  @Test
  void everyFlippedByteIsNoticedOrDoesNoHarm() throws Exception {
    cover(List.of());
    byte[] good = Files.readAllBytes(files().getFirst());
    Path file = files().getFirst();
    for (int at = 0; at < good.length; at += 1 + random.nextInt(1999)) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      List<Segment> found = cache().find(active(), List.of());
      if (found.isEmpty()) {
        assertFalse(Files.exists(file), "what is not believed is deleted");
        continue;
      }
      try {
        assertRight(found);
        for (IndexEntry entry : blobs.expected()) {
          assertEquals(
              Optional.of(entry.packBlobId()),
              found.getFirst().find(entry.contentId()).map(IndexEntry::packBlobId));
        }
      } catch (DamagedException e) {
        assertTrue(found.getFirst().isDamaged());
        assertFalse(Files.exists(file));
      }
    }
  }

  @Test
  void everyCutFileIsMadeAnew() throws Exception {
    cover(List.of());
    byte[] good = Files.readAllBytes(files().getFirst());
    for (int length = 0; length < good.length; length += 1 + random.nextInt(3000)) {
      Path file = folder.resolve("cut.segment");
      Files.write(file, java.util.Arrays.copyOf(good, length));
      assertThrows(DamagedException.class, () -> Segment.open(file, CRYPTO), "" + length);
      assertFalse(Files.exists(file));
    }
    Files.write(files().getFirst(), java.util.Arrays.copyOf(good, good.length / 2));
    assertRight(cover(List.of()));
  }

  @Test
  void pagesThatChangedPlacesAreNoticed() throws Exception {
    cover(List.of());
    Path file = files().getFirst();
    byte[] bytes = Files.readAllBytes(file);
    byte[] swapped = bytes.clone();
    System.arraycopy(bytes, 1024, swapped, 2048, 1024);
    System.arraycopy(bytes, 2048, swapped, 1024, 1024);
    Files.write(file, swapped);
    List<Segment> found = cache().find(active(), List.of());
    assertThrows(DamagedException.class, () -> assertRight(found));
  }

  @Test
  void anotherRepositorysSegmentIsNotBelieved() throws Exception {
    RandomBlobs others = new RandomBlobs(random, 16, 50);
    blobs.plain.keySet().forEach(id -> others.add(5));
    IndexCache.in(folder, RandomBlobs.crypto("BLAKE2S-128"), new SecureRandom(), 1 << 20)
        .cover(others.listed(), List.of(), Map.of(), others);
    assertEquals(active(), Set.copyOf(others.plain.keySet()), "the names are the same");
    assertEquals(List.of(), cache().find(active(), List.of()));
    assertRight(cover(List.of()));
  }

  @Test
  void anIdOfAnotherLengthIsDamage() {
    RandomBlobs others = new RandomBlobs(random, 32, 50);
    others.add(50);
    others.add(50);
    others.plain.values().removeIf(blob -> blob.length < 100);
    DamagedException fault =
        assertThrows(
            DamagedException.class,
            () -> cache().cover(others.listed(), List.of(), Map.of(), others));
    assertTrue(String.valueOf(fault.getMessage()).contains("expected ids of 17 bytes"));
  }

  @Test
  void whatAKilledWriterLeftIsTidiedUp() throws Exception {
    Files.write(folder.resolve("index123.tmp"), new byte[5000]);
    Files.write(folder.resolve("index456.tmp"), new byte[0]);
    Files.write(folder.resolve("notes.txt"), new byte[3]);
    assertRight(cover(List.of()));
    Set<String> names = new HashSet<>();
    files().forEach(file -> names.add(String.valueOf(file.getFileName())));
    assertTrue(names.remove("notes.txt"), "what is not ours stays");
    assertEquals(1, names.size());
  }

  @Test
  void aFileDeletedByOthersCanBeReadToTheEnd() throws Exception {
    List<Segment> made = cover(List.of());
    for (Path file : files()) {
      Files.delete(file);
    }
    assertRight(made);
    assertFalse(made.getFirst().isDamaged());
  }

  @Test
  void aCacheClearedWhileItIsWrittenIsFilledAgain() throws Exception {
    boolean[] cleared = new boolean[1];
    IndexBlobSource source =
        new Watched(blobs) {
          @Override
          public void copy(BlobId id, FileChannel plain) throws IOException {
            super.copy(id, plain);
            if (!cleared[0]) {
              cleared[0] = true;
              for (Path file : files()) {
                Files.delete(file);
              }
              Files.delete(folder.resolve("lock"));
              Files.delete(folder);
            }
          }
        };
    // No heap: every blob goes through a file.
    IndexCache cache = IndexCache.in(folder, CRYPTO, new SecureRandom(), 0);
    assertRight(cache.cover(blobs.listed(), List.of(), Map.of(), source));
    assertTrue(cleared[0]);
  }

  @Test
  void twoAtOnceMakeOneSegment() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    int[] reads = new int[1];
    IndexBlobSource slow =
        new Watched(blobs) {
          @Override
          public synchronized IndexReader read(BlobId id) throws RepositoryException {
            reads[0]++;
            reading.countDown();
            try {
              assertTrue(go.await(1, TimeUnit.MINUTES));
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return super.read(id);
          }
        };
    List<List<Segment>> made = new ArrayList<>();
    Runnable task =
        () -> {
          try {
            List<Segment> mine = cache().cover(blobs.listed(), List.of(), Map.of(), slow);
            synchronized (made) {
              made.add(mine);
            }
          } catch (RepositoryException e) {
            throw new IllegalStateException(e);
          }
        };
    Thread first = Thread.ofPlatform().start(task);
    assertTrue(reading.await(1, TimeUnit.MINUTES));
    Thread second = Thread.ofPlatform().start(task);
    go.countDown();
    first.join();
    second.join();
    assertEquals(2, made.size());
    assertEquals(4, reads[0], "the second used what the first made");
    assertRight(made.get(0));
    assertRight(made.get(1));
    assertEquals(1, files().size());
  }

  /// A source that does something more.
  private abstract static class Watched implements IndexBlobSource {
    private final RandomBlobs blobs;

    Watched(RandomBlobs blobs) {
      this.blobs = blobs;
    }

    @Override
    public IndexReader read(BlobId id) throws RepositoryException {
      return blobs.read(id);
    }

    @Override
    public void copy(BlobId id, FileChannel plain) throws IOException {
      blobs.copy(id, plain);
    }

    @Override
    public void damaged(BlobId id, RepositoryException fault) throws RepositoryException {
      blobs.damaged(id, fault);
    }
  }

  // ---- processes

  /// Another process that makes a segment, slowly: it says `writing` once it has begun.
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      RandomBlobs blobs = new RandomBlobs(Seeds.generator(4), 16, 2000);
      for (int i = 0; i < 4; i++) {
        blobs.add(500);
      }
      IndexBlobSource slow =
          new Watched(blobs) {
            @Override
            public void copy(BlobId id, FileChannel plain) throws IOException {
              super.copy(id, plain);
              System.out.println("writing");
              try {
                Thread.sleep(Long.parseLong(args[1]));
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            }
          };
      IndexCache.in(Path.of(args[0]), CRYPTO, new SecureRandom(), 0)
          .cover(blobs.listed(), List.of(), Map.of(), slow);
      System.out.println("done");
    }
  }

  private Process child(long pauseMillis) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.toString(),
                "" + pauseMillis)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] said = child.getInputStream().readNBytes("writing".length());
    assertEquals("writing", new String(said, java.nio.charset.StandardCharsets.US_ASCII));
    return child;
  }

  @Test
  void aProcessKilledWhileItWritesHarmsNobody() throws Exception {
    Process child = child(60_000);
    try (FileChannel held = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE)) {
      assertEquals(null, held.tryLock(), "it writes");
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals(List.of(), cache().find(active(), List.of()));
    assertRight(cover(List.of()));
    assertEquals(1, files().size());
  }

  @Test
  void aProcessWaitsForAnotherAndUsesItsSegment() throws Exception {
    Process child = child(200);
    try {
      blobs = new RandomBlobs(Seeds.generator(4), 16, 2000);
      for (int i = 0; i < 4; i++) {
        blobs.add(500);
      }
      List<BlobId> read = new ArrayList<>();
      IndexBlobSource counting =
          new Watched(blobs) {
            @Override
            public IndexReader read(BlobId id) throws RepositoryException {
              read.add(id);
              return super.read(id);
            }
          };
      assertRight(cache().cover(blobs.listed(), List.of(), Map.of(), counting));
      assertEquals(List.of(), read);
      assertEquals(0, child.waitFor());
    } finally {
      child.destroyForcibly();
    }
  }
}
