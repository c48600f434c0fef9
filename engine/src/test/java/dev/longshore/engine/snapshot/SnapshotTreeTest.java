package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotTreeTest {
  private TestRepository repository;
  private SnapshotManifest snapshot;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
    snapshot = snapshot("/src", tree(1));
  }

  private static SourceEntry tree(int version) {
    return FakeTree.directory(
        "src",
        FakeTree.directory("d", FakeTree.file("f", new byte[] {1, (byte) version})),
        FakeTree.file("g", new byte[] {2}));
  }

  private SnapshotManifest snapshot(String path, SourceEntry root) throws IOException {
    return repository
        .snapshot(FakeTree.of(root), SnapshotRequest.of(new SourceInfo("host", "user", path)))
        .manifest();
  }

  private DirEntry resolve(String reference) throws RepositoryException {
    return repository.tree().resolve(reference, true);
  }

  @Test
  void resolvesManifestsAndObjectsWithPaths() throws IOException {
    DirEntry root = snapshot.root().orElseThrow();
    String id = snapshot.id().orElseThrow().value();
    assertEquals(root, resolve(id));
    assertEquals(root, resolve(id + "/"));
    assertEquals(root, resolve(root.objectId().toString()));
    DirEntry file = resolve(id + "/d/f");
    assertEquals(EntryType.FILE, file.type());
    assertEquals(file, resolve(root.objectId() + "//d/f/"));
    assertEquals(file, resolve(resolve(id + "/d").objectId() + "/f"));
    // An object that no snapshot has for its root.
    DirEntry alone = resolve(file.objectId().toString());
    assertEquals("file", alone.name());
    assertEquals(2, alone.sizeBytes());
    DirEntry sub = resolve(resolve(id + "/d").objectId().toString());
    assertEquals("/", sub.name());
    assertEquals(0555, sub.mode());
  }

  @Test
  void saysWhatIsNotThere() {
    String id = snapshot.id().orElseThrow().value();
    for (String reference :
        List.of(
            "",
            "/",
            "nothing",
            "0123456789abcdef0123456789abcdef",
            id + "/x",
            id + "/g/x",
            id + "/../g",
            "k" + "0".repeat(32))) {
      assertThrows(NotFoundException.class, () -> resolve(reference), reference);
    }
  }

  @Test
  void refusesARootWhoseSnapshotsDisagree() throws IOException {
    ObjectId root = snapshot.root().orElseThrow().objectId();
    SourceEntry renamed =
        new FakeTree.Directory(
            "other",
            FakeTree.status(dev.longshore.engine.posix.FileKind.DIRECTORY, 0),
            ((FakeTree.Directory) tree(1)).opening());
    SnapshotManifest second = snapshot("/src2", renamed);
    assertEquals(root, second.root().orElseThrow().objectId());
    assertThrows(NotFoundException.class, () -> resolve(root.toString()));
    assertEquals("other", repository.tree().resolve(root.toString(), false).name());
    // With a path, it makes no difference.
    assertEquals("g", resolve(root + "/g").name());
  }

  @Test
  void findsTheNewestSnapshotOfAPath() throws IOException {
    SnapshotManifest newer = snapshot("/src", tree(2));
    SnapshotTree tree = repository.tree();
    SourceInfo file = new SourceInfo("host", "user", "/src/d/f");
    assertEquals(
        repository.entry(newer, "d/f"), tree.resolveSource(file, Long.MAX_VALUE).orElseThrow());
    assertEquals(
        repository.entry(snapshot, "d/f"),
        tree.resolveSource(file, newer.startNanos() - 1).orElseThrow());
    assertEquals(Optional.empty(), tree.resolveSource(file, snapshot.startNanos() - 1));
    assertEquals(
        newer.root(), tree.resolveSource(new SourceInfo("host", "user", "/src"), Long.MAX_VALUE));
    for (String path : List.of("/", "/sr", "/src/x", "/other/src", "relative", "")) {
      assertEquals(
          Optional.empty(),
          tree.resolveSource(new SourceInfo("host", "user", path), Long.MAX_VALUE),
          path);
    }
  }

  @Test
  void anObjectThatIsNoDirectoryIsDamage() throws IOException {
    ObjectId id =
        repository.repository.write(
            TestRepository.WRITE,
            writer -> {
              ObjectOptions options =
                  new ObjectOptions('k', Optional.empty(), Optional.empty(), Optional.empty());
              try (var object = writer.objectWriters().open(options)) {
                byte[] data = "{\"stream\":\"other\"}".getBytes(StandardCharsets.UTF_8);
                object.write(data, 0, data.length);
                return object.result();
              }
            });
    DirEntry entry = new DirEntry("x", EntryType.DIRECTORY, 0, 0, 0, 0, 0, id, null);
    try (DirectoryCursor cursor = repository.tree().open(entry)) {
      assertThrows(DamagedException.class, cursor::next);
    }
    // Kopia takes it for a file too.
    assertEquals(EntryType.FILE, resolve(id.toString()).type());
    DirEntry file = resolve(snapshot.id().orElseThrow() + "/g");
    assertThrows(DamagedException.class, () -> repository.tree().open(file));
  }

  @Test
  void anyReferenceIsResolvedOrRefused() {
    String id = snapshot.id().orElseThrow().value();
    String object = snapshot.root().orElseThrow().objectId().toString();
    String[] pieces = {
      id, object, "/", "d", "f", "g", "..", ".", "I", "Z", "k", "\0", "é", "@", ":"
    };
    Seeds.check(
        200,
        (RandomGenerator random) -> {
          StringBuilder reference = new StringBuilder();
          int count = random.nextInt(6);
          for (int i = 0; i < count; i++) {
            reference.append(pieces[random.nextInt(pieces.length)]);
          }
          try {
            DirEntry entry = resolve(reference.toString());
            assertTrue(reference.toString().contains(id) || reference.toString().contains(object));
            assertTrue(List.of("src", "d", "f", "g", "/", "file").contains(entry.name()));
          } catch (RepositoryException e) {
            assertTrue(String.valueOf(e.getMessage()).length() < 500);
          }
        });
  }
}
