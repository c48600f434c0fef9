package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.doctor.Diagnosis;
import dev.longshore.engine.doctor.Doctor;
import dev.longshore.engine.doctor.Finding;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.ContentRepair;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotCreator;
import dev.longshore.engine.snapshot.SnapshotRequest;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.snapshot.UploadOptions;
import dev.longshore.engine.snapshot.UploadProgress;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Any blob of a small repository is flipped, cut or removed: what is restored is right, or the
/// damage is detected, and the doctor tells. `-Dlongshore.trials=N` makes N trials of each kind.
class DamageTrialsTest {
  private static final String PASSWORD = "trials";
  private static final int SNAPSHOTS = 2;

  @TempDir Path folder;
  private final FakeClock clock = FakeClock.of2026();

  /// One for all: names of packs must not come again.
  private final SeededRandom random = new SeededRandom(2);

  private final Map<BlobId, byte[]> sound = new TreeMap<>();

  /// By file name: every version that was ever backed up.
  private final Map<String, List<byte[]>> files = new HashMap<>();

  /// Why the last restore was not whole.
  private String problem = "";

  private void makeRepository(int version, int eccPercent) throws IOException {
    MemoryStore store = new MemoryStore(clock);
    Repositories.create(
        store,
        CreateOptions.DEFAULT
            .withFormatVersion(version)
            .withAlgorithms("BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-128K-BUZHASH")
            .withEccOverheadPercent(eccPercent),
        PASSWORD,
        new SeededRandom(1));
    Path root = folder.resolve("tree");
    Path tree = Files.createDirectories(root.resolve("below"));
    Random data = new Random(5);
    for (int i = 0; i < SNAPSHOTS; i++) {
      write(tree.resolve("a" + i), bytes(data, 3000));
      write(tree.resolve("large"), bytes(data, 400_000));
      write(root.resolve("small"), bytes(data, 50));
      clock.advance(Duration.ofMinutes(5));
      try (Repository repository = open(store, false);
          SourceTree source = LocalSource.open(root);
          RepositoryWriter writer = repository.openWriter(new WriteOptions("test", 1, 64L << 20))) {
        new SnapshotCreator(
                writer, UploadOptions.DEFAULTS, UploadProgress.NONE, ZoneOffset.UTC, data)
            .create(
                source,
                SnapshotRequest.of(new SourceInfo("host", "user", "/src")),
                new CancelToken());
        writer.flush();
      }
    }
    store.list("", blob -> sound.put(blob.id(), store.get(blob.id())));
  }

  private void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    files.computeIfAbsent(String.valueOf(file.getFileName()), _ -> new ArrayList<>()).add(bytes);
  }

  private static byte[] bytes(Random data, int length) {
    byte[] bytes = new byte[length];
    data.nextBytes(bytes);
    return bytes;
  }

  private Repository open(BlobStore store, boolean permissive) throws RepositoryException {
    OpenOptions options =
        new OpenOptions(
            clock,
            random,
            CachingOptions.OFF,
            false,
            Optional.empty(),
            false,
            permissive,
            warning -> {});
    return Repositories.open(
        store, PASSWORD, KeptKey.in(folder.resolve("key")), TestClients.WRITER, options);
  }

  private MemoryStore copy() throws RepositoryException {
    MemoryStore store = new MemoryStore(clock);
    for (Map.Entry<BlobId, byte[]> blob : sound.entrySet()) {
      store.put(blob.getKey(), ByteBuffer.wrap(blob.getValue()), PutOptions.NONE);
    }
    return store;
  }

  private enum Damage {
    FLIP,
    CUT,
    REMOVE
  }

  private BlobId anyBlob(RandomGenerator chance) {
    List<BlobId> ids = List.copyOf(sound.keySet());
    return ids.get(chance.nextInt(ids.size()));
  }

  private void damage(MemoryStore store, BlobId id, Damage damage, RandomGenerator chance)
      throws RepositoryException {
    byte[] bytes = store.get(id);
    if (damage == Damage.REMOVE || bytes.length == 0) {
      store.delete(id);
      return;
    }
    int at = chance.nextInt(bytes.length);
    if (damage == Damage.CUT) {
      bytes = Arrays.copyOf(bytes, at);
    } else {
      bytes[at] ^= (byte) (1 + chance.nextInt(255));
    }
    store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  /// Restores all there is; wrong bytes fail the test.
  ///
  /// @return whether everything came back
  private boolean restoresAll(MemoryStore store) {
    int restored = 0;
    boolean whole = true;
    try (Repository repository = open(store, false)) {
      for (SnapshotManifest snapshot :
          new SnapshotCatalog(repository.manifests()).all().snapshots()) {
        whole &= restores(repository, SnapshotTree.root(snapshot));
        restored++;
      }
    } catch (RepositoryException e) {
      problem = String.valueOf(e.getMessage());
      return false;
    }
    if (restored != SNAPSHOTS) {
      problem = restored + " snapshots";
    }
    return whole && restored == SNAPSHOTS;
  }

  private boolean restores(Repository repository, DirEntry directory) {
    boolean whole = true;
    try (DirectoryCursor cursor = SnapshotTree.of(repository).open(directory)) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (entry.type() == EntryType.DIRECTORY) {
          whole &= restores(repository, entry);
          continue;
        }
        byte[] found;
        try {
          found = repository.objects().readAll(entry.objectId(), 1 << 20);
        } catch (RepositoryException e) {
          problem = String.valueOf(e.getMessage());
          whole = false;
          continue;
        }
        List<byte[]> wanted = files.getOrDefault(entry.name(), List.of());
        assertTrue(
            wanted.stream().anyMatch(bytes -> Arrays.equals(bytes, found)),
            "wrong bytes of " + entry.name());
      }
    } catch (RepositoryException e) {
      problem = String.valueOf(e.getMessage());
      return false;
    }
    return whole;
  }

  private Diagnosis examine(MemoryStore store) {
    Doctor doctor = new Doctor(new Random(1), what -> {});
    doctor.examine(store, clock, true);
    try (Repository repository = open(store, true)) {
      doctor.examine(repository, true);
    } catch (RepositoryException e) {
      doctor.add(
          new Finding(
              Finding.Severity.DAMAGE,
              "repository",
              String.valueOf(e.getMessage()),
              List.of(),
              List.of()));
    }
    return doctor.diagnosis();
  }

  private static boolean tellsNothing(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .allMatch(finding ->
            finding.severity() == Finding.Severity.INFO || finding.check().equals("maintenance"));
  }

  @ParameterizedTest
  @CsvSource({"3,0", "3,3", "1,0"})
  void restoredBytesAreRightOrTheDamageIsTold(int version, int eccPercent) throws IOException {
    makeRepository(version, eccPercent);
    assertTrue(restoresAll(copy()), () -> problem);
    Diagnosis healthy = examine(copy());
    assertTrue(tellsNothing(healthy), healthy::toString);
    int[] lost = new int[1];
    Seeds.check(
        Integer.getInteger("longshore.trials", 30),
        chance -> {
          MemoryStore store = copy();
          BlobId blob = anyBlob(chance);
          Damage damage = Damage.values()[chance.nextInt(3)];
          damage(store, blob, damage, chance);
          if (!restoresAll(store)) {
            lost[0]++;
            assertTrue(
                !tellsNothing(examine(store)), damage + " of " + blob + " is not told: " + problem);
            if (eccPercent > 0 && isCorrected(blob)) {
              assertTrue(damage != Damage.FLIP, "a flipped byte of " + blob + " is not mended");
            }
          }
          if (eccPercent > 0 && damage == Damage.FLIP && isCorrected(blob)) {
            repairs(store);
          }
        });
    assertTrue(lost[0] > 0, "no trial did any harm");
  }

  /// What error correction covers: everything that is sealed, which the format blob is not.
  private static boolean isCorrected(BlobId blob) {
    return blob.startsWith("p") || blob.startsWith("q") || blob.startsWith("x");
  }

  private void repairs(MemoryStore store) throws RepositoryException {
    try (Repository repository = open(store, false)) {
      DamageNotes notes = new DamageNotes();
      verify(repository, notes);
      int mended = notes.mendedCount();
      assertEquals(new ContentRepair.Result(mended, 0, 0), ContentRepair.run(repository, notes));
      DamageNotes after = new DamageNotes();
      verify(repository, after);
      assertEquals(0, after.mendedCount());
      assertTrue(after.list(store).isEmpty());
    }
    assertTrue(restoresAll(store));
  }

  private static void verify(Repository repository, DamageNotes notes) throws RepositoryException {
    ContentVerifier.verify(
        repository.contents(),
        new ContentVerifier.Options(ContentRange.ALL, 100, 1),
        new Random(1),
        new ContentVerifier.Listener() {
          @Override
          public void problem(IndexEntry entry, ContentVerifier.Trouble trouble, String what) {
            notes.note(entry, trouble);
          }

          @Override
          public void mended(IndexEntry entry) {
            notes.noteMended(entry.contentId());
          }

          @Override
          public void progress(long verifiedContents, long errors) {}
        });
  }
}
