package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.restore.RestoreListener;
import dev.longshore.engine.restore.RestoreOptions;
import dev.longshore.engine.restore.RestoreTarget;
import dev.longshore.engine.restore.Restorer;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// Kopia's own program (`KOPIA_EXE`) with snapshots that say more than it knows.
@EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
class FidelityInteropTest {
  private static final String PASSWORD = "interop";

  @TempDir Path folder;
  private Path source;
  private Kopia kopia;

  // Each session gives its packs other names.
  private int opened;

  @BeforeEach
  void createRepository() throws Exception {
    assumeTrue(RichTree.hasAttributes(folder), "no extended attributes here");
    source = Files.createDirectory(folder.resolve("source"));
    Path store = Files.createDirectory(folder.resolve("repo"));
    kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.create(store, List.of("--object-splitter=DYNAMIC-128K-BUZHASH"));
    new RichTree(Seeds.generator(4), RichTree.isRoot()).fill(source, 30);
    // Attributes that are an object of their own, in the root of the tree and further down.
    Path deep = Files.createDirectories(source.resolve("deep/deeper"));
    for (Path path : List.of(source, deep, Files.write(deep.resolve("f"), new byte[] {1}))) {
      RichTree.set(path, "user.long", Seeds.bytes(Seeds.generator(7), 2900));
    }
  }

  private Repository open() throws IOException {
    return Repositories.open(
        FilesystemStore.open(FilesystemOptions.of(folder.resolve("repo").toString())),
        PASSWORD,
        new ClientOptions(
            "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15)),
        OpenOptions.of(Clock.systemUTC(), new SeededRandom(opened++)));
  }

  private SnapshotManifest snapshot() throws IOException {
    try (Repository repository = open();
        SourceTree tree = LocalSource.open(source);
        var writer = repository.openWriter(TestRepository.WRITE)) {
      return new SnapshotCreator(
              writer, UploadOptions.DEFAULTS, UploadProgress.NONE, ZoneOffset.UTC, new Random(1))
          .create(
              tree,
              SnapshotRequest.of(new SourceInfo("host", "user", source.toString())),
              new CancelToken())
          .manifest();
    }
  }

  private Path restore(SnapshotManifest snapshot, String name) throws IOException {
    Path target = folder.resolve(name);
    try (Repository repository = open()) {
      DirEntry root = snapshot.root().orElseThrow();
      assertEquals(
          List.of(),
          new Restorer(repository)
              .restore(
                  root,
                  new RestoreTarget.Local(target),
                  RestoreOptions.DEFAULTS,
                  RestoreListener.NONE)
              .issues());
    }
    return target;
  }

  private static String id(SnapshotManifest snapshot) {
    return snapshot.id().orElseThrow().value();
  }

  private void checkBytes(Path actual) throws IOException {
    try (Stream<Path> walk = Files.walk(source)) {
      for (Path path : walk.toList()) {
        Path other = actual.resolve(source.relativize(path));
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          assertArrayEquals(Files.readAllBytes(path), Files.readAllBytes(other), path.toString());
        } else {
          assertTrue(Files.exists(other, LinkOption.NOFOLLOW_LINKS), path.toString());
        }
      }
    }
    try (Stream<Path> expected = Files.walk(source);
        Stream<Path> found = Files.walk(actual)) {
      assertEquals(expected.count(), found.count());
    }
  }

  @Test
  void kopiaListsVerifiesAndRestoresWhatItDoesNotKnow() throws Exception {
    SnapshotManifest ours = snapshot();
    DirEntry root = ours.root().orElseThrow();
    assertTrue(root.objectId().isIndirect() || root.extra().hasAttributes());
    kopia.run("snapshot", "verify", "--verify-files-percent=100", id(ours));
    kopia.run("ls", "-l", "-r", id(ours));
    kopia.run("show", root.objectId().toString());
    kopia.run("content", "verify", "--full");
    Path target = folder.resolve("theirs");
    kopia.run("snapshot", "restore", id(ours), target.toString());
    checkBytes(target);
  }

  @Test
  void bothGoOnWhereTheOtherStopped() throws Exception {
    SnapshotManifest first = snapshot();
    Json theirs =
        Json.parse(
            kopia
                .run("snapshot", "create", source.toString(), "--json", "--json-verbose")
                .getBytes(StandardCharsets.UTF_8));
    // They take over all files, and drop what they do not know.
    assertEquals(0, theirs.get("stats").get("nonCachedFiles").number());
    assertNotEquals(
        first.root().orElseThrow().objectId().toString(),
        theirs.get("rootEntry").get("obj").text());
    SnapshotManifest again = snapshot();
    assertEquals(0, again.stats().nonCachedFiles());
    assertEquals(first.root(), again.root());
    RichTree.checkSame(source, restore(again, "again"));
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
  }

  @Test
  void fullMaintenanceWithoutSafetyLosesNothing() throws Exception {
    Path changed = source.resolve("deep/deeper/f");
    // Not what its directory has, which stays.
    RichTree.set(changed, "user.long", Seeds.bytes(Seeds.generator(9), 2800));
    SnapshotManifest first = snapshot();
    RichTree.set(changed, "user.long", Seeds.bytes(Seeds.generator(8), 2800));
    SnapshotManifest second = snapshot();
    assertEquals(0, second.stats().nonCachedFiles());
    String gone = attributesOf(first, "deep/deeper/f");
    String kept = attributesOf(second, "deep/deeper/f");
    kopia.run("snapshot", "create", source.toString());
    kopia.run("snapshot", "delete", id(first), "--delete");
    kopia.run("maintenance", "set", "--owner=me");
    for (int i = 0; i < 3; i++) {
      kopia.run("maintenance", "run", "--full", "--safety=none");
    }
    RichTree.checkSame(source, restore(second, "kept"));
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    // What only the deleted snapshot had is gone: it was the tree that kept the rest.
    String contents = kopia.run("content", "list");
    assertFalse(contents.contains(gone), "what nothing names is collected");
    assertTrue(contents.contains(kept));
  }

  /// The content of a file's attributes.
  private String attributesOf(SnapshotManifest snapshot, String path) throws IOException {
    try (Repository repository = open()) {
      return SnapshotTree.of(repository)
          .nested(snapshot.root().orElseThrow(), List.of(path.split("/")))
          .extra()
          .attributesObject()
          .orElseThrow()
          .toString();
    }
  }

  @Test
  void kopiasEditOfASnapshotLosesOnlyWhatTheRootItselfHas() throws Exception {
    SnapshotManifest ours = snapshot();
    assertTrue(ours.root().orElseThrow().extra().hasAttributes());
    kopia.run("snapshot", "pin", id(ours), "--add=keep");
    SnapshotManifest edited = newest(ours.source());
    assertFalse(edited.root().orElseThrow().extra().hasAttributes());
    assertEquals(ours.root().orElseThrow().objectId(), edited.root().orElseThrow().objectId());
    Path target = restore(edited, "edited");
    assertEquals(List.of(), ExtendedAttributes.list(Posix.AT_FDCWD, RichTree.raw(target)));
    assertFalse(
        ExtendedAttributes.list(Posix.AT_FDCWD, RichTree.raw(target.resolve("deep/deeper/f")))
            .isEmpty());
  }

  @Test
  void kopiaComparesRepairsAndExpiresThem() throws Exception {
    SnapshotManifest first = snapshot();
    RichTree.set(source.resolve("deep/deeper/f"), "user.short", new byte[] {1});
    Files.write(source.resolve("deep/deeper/g"), new byte[] {2});
    SnapshotManifest second = snapshot();
    String difference = kopia.run("diff", id(first), id(second));
    assertTrue(difference.contains("deep/deeper/g"), difference);
    assertFalse(difference.contains("deep/deeper/f "), difference);
    kopia.run("snapshot", "expire", "--all", "--delete");
    assertEquals(second.root(), newest(second.source()).root());
    // It writes every directory anew, though nothing is invalid, and without what it does not know.
    kopia.run("snapshot", "fix", "invalid-files", "--verify-files-percent=100", "--commit");
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    SnapshotManifest fixed = newest(second.source());
    assertNotEquals(second.root(), fixed.root());
    checkBytes(restore(fixed, "fixed"));
    // The next of ours has all again.
    SnapshotManifest again = snapshot();
    assertEquals(second.root(), again.root());
    RichTree.checkSame(source, restore(again, "again"));
  }

  private SnapshotManifest newest(SourceInfo of) throws IOException {
    try (Repository repository = open()) {
      return new SnapshotCatalog(repository.manifests()).of(of, Map.of()).snapshots().getLast();
    }
  }
}
