package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is taken over from earlier snapshots, the tree is that of a backup without any.
class UploadIncrementalTest {
  @TempDir Path folder;
  private TestRepository repository;

  @BeforeEach
  void open() throws IOException {
    repository = TestRepository.fresh();
  }

  private SnapshotManifest snapshot(List<SnapshotManifest> parents) throws IOException {
    return repository
        .snapshot(
            folder,
            new SnapshotRequest(
                TestRepository.SOURCE,
                "",
                Map.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(parents)))
        .manifest();
  }

  @Test
  void anyChangesGiveTheTreeOfAFullBackup() throws IOException {
    RandomGenerator random = Seeds.generator(7);
    for (int i = 0; i < 60; i++) {
      add(random);
    }
    List<SnapshotManifest> parents = List.of(snapshot(List.of()));
    for (int round = 0; round < 25; round++) {
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        change(random);
      }
      SnapshotManifest full = snapshot(List.of());
      SnapshotManifest next = snapshot(parents);
      assertEquals(full.root(), next.root());
      // One round in three goes on from two parents, as after an interrupted backup.
      parents = round % 3 == 2 ? List.of(next, parents.getFirst()) : List.of(next);
    }
  }

  private void add(RandomGenerator random) throws IOException {
    String name =
        Integer.toString(random.nextInt(1000), 36) + (random.nextInt(5) == 0 ? "<é>" : "");
    Path parent = folder;
    for (int depth = random.nextInt(4); depth > 0; depth--) {
      parent = parent.resolve("d" + random.nextInt(3));
    }
    Files.createDirectories(parent);
    Path path = parent.resolve(name);
    if (Files.notExists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      switch (random.nextInt(6)) {
        case 0 -> Files.createSymbolicLink(path, Path.of("to" + name));
        case 1 -> Files.createDirectory(path);
        default -> Files.write(path, Seeds.bytes(random, random.nextInt(2000)));
      }
    }
  }

  private void change(RandomGenerator random) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.filter(path -> !path.equals(folder)).sorted().forEach(all::add);
    }
    Path path = all.get(random.nextInt(all.size()));
    boolean isDirectory = Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    switch (random.nextInt(5)) {
      case 0 -> {
        if (!isDirectory || path.toFile().list().length == 0) {
          Files.delete(path);
        }
      }
      case 1 -> {
        if (Files.isRegularFile(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          Files.write(path, Seeds.bytes(random, random.nextInt(2000)));
        }
      }
      case 2 -> {
        if (isDirectory) {
          Files.setLastModifiedTime(path, FileTime.fromMillis(random.nextInt(1 << 30)));
        }
      }
      default -> add(random);
    }
  }

  @Test
  void aDirectoryWithoutChangesIsNotHashedAgain() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    for (int i = 0; i < 10; i++) {
      Files.writeString(folder.resolve("a/b/f" + i), "text " + i);
    }
    SnapshotManifest first = snapshot(List.of());
    try (SourceTree tree = LocalSource.open(folder);
        RepositoryWriter writer = repository.repository.openWriter(TestRepository.WRITE)) {
      SnapshotManifest second =
          new Uploader(
                  writer,
                  UploadOptions.DEFAULTS,
                  UploadProgress.NONE,
                  ZoneOffset.UTC,
                  new Random(1))
              .upload(
                  tree,
                  TestRepository.SOURCE,
                  new Policies(writer.manifests()).tree(TestRepository.SOURCE),
                  List.of(first),
                  new CancelToken())
              .manifest();
      assertEquals(first.root(), second.root());
      assertEquals(0, writer.contents().stats().hashedBytes());
    }
  }

  private ObjectId directory(String json) throws IOException {
    return repository.repository.write(
        TestRepository.WRITE,
        writer -> {
          ObjectOptions options =
              new ObjectOptions('k', Optional.empty(), Optional.empty(), Optional.empty());
          try (ObjectWriter object = writer.objectWriters().open(options)) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            object.write(bytes, 0, bytes.length);
            return object.result();
          }
        });
  }

  private static SnapshotManifest withRoot(SnapshotManifest like, ObjectId root) {
    DirEntry was = like.root().orElseThrow();
    DirEntry forged =
        new DirEntry(
            was.name(),
            EntryType.DIRECTORY,
            was.mode(),
            0,
            was.mtimeNanos(),
            was.uid(),
            was.gid(),
            root,
            was.summaryOrNull());
    return new SnapshotManifest(
        null,
        like.source(),
        "",
        like.startNanos(),
        like.endNanos(),
        like.stats(),
        "",
        forged,
        Map.of(),
        List.of());
  }

  private String json(DirEntry entry) throws IOException {
    return new String(repository.read(entry), StandardCharsets.UTF_8);
  }

  @Test
  void earlierDirectoriesOutOfOrderOrWithSurplusEntriesAreNotTakenOver() throws IOException {
    for (String name : List.of("a", "b", "c", "d")) {
      Files.writeString(folder.resolve(name), name);
    }
    SnapshotManifest full = snapshot(List.of());
    String good = json(full.root().orElseThrow());
    int list = good.indexOf('[') + 1;
    int end = good.indexOf("],\"summary\"");
    String[] entries = good.substring(list, end).split("(?<=}),", -1);
    assertEquals(4, entries.length);
    List<String> forgeries =
        List.of(
            entries[1] + "," + entries[0] + "," + entries[2] + "," + entries[3],
            entries[0] + "," + entries[0] + "," + entries[1] + "," + entries[2] + "," + entries[3],
            good.substring(list, end) + "," + entries[3].replace("\"d\"", "\"e\""),
            good.substring(list, end) + "," + entries[0],
            entries[0] + "," + entries[1] + "," + entries[2]);
    for (String forged : forgeries) {
      ObjectId id = directory(good.substring(0, list) + forged + good.substring(end));
      assertEquals(full.root(), snapshot(List.of(withRoot(full, id))).root(), forged);
    }
  }

  @Test
  void aSummaryThatTellsOfErrorsIsNotTakenOver() throws IOException {
    Files.writeString(folder.resolve("a"), "a");
    SnapshotManifest full = snapshot(List.of());
    String good = json(full.root().orElseThrow());
    ObjectId failed = directory(good.replace("\"numFailed\":0", "\"numFailed\":1"));
    ObjectId partial =
        directory(good.replace("\"numFailed\"", "\"incomplete\":\"canceled\",\"numFailed\""));
    for (ObjectId id : List.of(failed, partial)) {
      assertFalse(id.equals(full.root().orElseThrow().objectId()));
      assertEquals(full.root(), snapshot(List.of(withRoot(full, id))).root());
    }
  }

  @Test
  void aDirectoryWhoseContentIsDeletedIsStoredAnew() throws IOException {
    Files.writeString(folder.resolve("a"), "a directory that is deleted");
    SnapshotManifest full = snapshot(List.of());
    ContentId root = full.root().orElseThrow().objectId().contentId();
    repository.repository.write(
        TestRepository.WRITE,
        writer -> {
          writer.contents().delete(root);
          return true;
        });
    assertEquals(full.root(), snapshot(List.of(full)).root());
    assertTrue(
        repository.repository.contents().find(root).filter(e -> !e.deleted()).isPresent(),
        "the root is still deleted");
  }

  @Test
  void entriesGoneInTheMiddleOfAWideDirectoryAreGone() throws IOException {
    for (int i = 0; i < 3000; i++) {
      Files.writeString(folder.resolve("f%04d".formatted(i)), "");
    }
    SnapshotManifest first = snapshot(List.of());
    for (int i = 5; i < 3000; i += 700) {
      Files.delete(folder.resolve("f%04d".formatted(i)));
      Files.writeString(folder.resolve("g%04d".formatted(i)), "new");
    }
    SnapshotManifest next = snapshot(List.of(first));
    assertEquals(snapshot(List.of()).root(), next.root());
    DirSummary summary = next.root().orElseThrow().summary().orElseThrow();
    assertEquals(3000, summary.files());
  }
}
