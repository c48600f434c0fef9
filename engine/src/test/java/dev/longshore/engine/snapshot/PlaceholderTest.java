package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.source.SourceEntry;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a shallow restore leaves is taken for what it stands for.
class PlaceholderTest {
  private TestRepository repository;
  private DirEntry root;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
    root =
        snapshot(
            FakeTree.directory(
                "src",
                FakeTree.directory("d", FakeTree.file("f", new byte[] {1, 2, 3})),
                FakeTree.file("g", new byte[] {4})));
  }

  private DirEntry snapshot(SourceEntry source) throws IOException {
    SnapshotManifest snapshot =
        repository
            .snapshot(FakeTree.of(source), SnapshotRequest.of(TestRepository.SOURCE))
            .manifest();
    return snapshot.root().orElseThrow();
  }

  private byte[] stored(String name) throws IOException {
    GoJsonWriter json = new GoJsonWriter();
    repository.tree().child(root, name).orElseThrow().writeTo(json);
    return json.newline().toByteArray();
  }

  @Test
  void aShallowTreeGivesTheSameObjects() throws IOException {
    DirEntry again =
        snapshot(
            FakeTree.directory(
                "src",
                FakeTree.directory("d.kopia-entry", FakeTree.file(".kopia-entry", stored("d"))),
                FakeTree.file("g.kopia-entry", stored("g"))));
    assertEquals(root, again);
  }

  private static String entryOf(String object) {
    return "{\"name\":\"x\",\"type\":\"f\",\"mtime\":\"2020-01-01T00:00:00Z\",\"obj\":\"%s\"}"
        .formatted(object);
  }

  @Test
  void rulesAreForTheNameOfTheEntry() throws IOException {
    DirEntry again =
        snapshot(
            FakeTree.directory(
                "src",
                FakeTree.file(
                    ".kopiaignore", "d\n*.kopia-entry\n".getBytes(StandardCharsets.UTF_8)),
                FakeTree.directory("d.kopia-entry", FakeTree.file(".kopia-entry", stored("d"))),
                FakeTree.file("g.kopia-entry", stored("g"))));
    assertTrue(repository.tree().child(again, "d").isEmpty());
    assertTrue(repository.tree().child(again, "g").isPresent());
  }

  @Test
  void refusesWhatIsNoPlaceholderOrNamesWhatIsNotThere() throws IOException {
    String unknown = entryOf("ab".repeat(16));
    String noList = entryOf("I" + repository.tree().child(root, "g").orElseThrow().objectId());
    DirSummary summary =
        snapshot(
                FakeTree.directory(
                    "src",
                    FakeTree.directory("empty.kopia-entry"),
                    FakeTree.file("junk.kopia-entry", new byte[] {'{'}),
                    FakeTree.file("x.kopia-entry", unknown.getBytes(StandardCharsets.UTF_8)),
                    FakeTree.file("y.kopia-entry", noList.getBytes(StandardCharsets.UTF_8)),
                    FakeTree.file("g", new byte[] {4}),
                    FakeTree.file("g.kopia-entry", stored("g"))))
            .summary()
            .orElseThrow();
    assertEquals(5, summary.numFailed());
    assertEquals(1, summary.files());
    assertTrue(
        summary.errors().stream()
            .anyMatch(e -> e.error().contains("the repository does not have all of")));
  }

  @Test
  void aFileOfThatNameAloneIsAFile() throws IOException {
    DirEntry only =
        snapshot(FakeTree.directory("src", FakeTree.file(".kopia-entry", new byte[] {1})));
    assertEquals(1, only.summary().orElseThrow().files());
  }
}
