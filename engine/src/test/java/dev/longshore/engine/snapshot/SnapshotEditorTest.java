package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Snapshots as manifests: kept, changed, expired; and what policies do to new ones.
class SnapshotEditorTest {
  private TestRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
  }

  private SnapshotResult snapshot(SourceEntry root) throws IOException {
    return repository.snapshot(FakeTree.of(root), SnapshotRequest.of(TestRepository.SOURCE));
  }

  private static SourceEntry tree(int version) {
    return FakeTree.directory("src", FakeTree.file("f" + version, new byte[] {(byte) version}));
  }

  private static Policy policy(RetentionPolicy retention, FilesPolicy files, String compressor) {
    Policy u = Policy.UNSET;
    return new Policy(
        retention,
        files,
        u.errorHandling(),
        u.scheduling(),
        u.compression(),
        compressor,
        u.splitter(),
        u.actions(),
        u.volumeShadowCopy(),
        u.logging(),
        u.upload(),
        u.noParent());
  }

  private static Policy keepLatest(long count, boolean skipIdentical) {
    return policy(
        new RetentionPolicy(count, 0L, 0L, 0L, 0L, 0L, skipIdentical), FilesPolicy.UNSET, "");
  }

  private List<ManifestId> ids() throws IOException {
    return repository.catalog().all().snapshots().stream().map(s -> s.id().orElseThrow()).toList();
  }

  @Test
  void retentionRemovesWhatThePolicyDoesNotKeep() throws IOException {
    repository.setPolicy(TestRepository.SOURCE, keepLatest(2, false));
    ManifestId first = snapshot(tree(1)).manifest().id().orElseThrow();
    ManifestId second = snapshot(tree(2)).manifest().id().orElseThrow();
    SnapshotResult third = snapshot(tree(3));
    assertEquals(List.of(first), third.expired());
    assertEquals(List.of(second, third.manifest().id().orElseThrow()), ids());
  }

  @Test
  void aPinKeepsASnapshotAndChangesItsId() throws IOException {
    repository.setPolicy(TestRepository.SOURCE, keepLatest(1, false));
    SnapshotManifest first = snapshot(tree(1)).manifest();
    SnapshotManifest pinned =
        repository.repository.write(
            TestRepository.WRITE,
            writer ->
                new SnapshotEditor(writer.manifests()).update(first.withPins(List.of("keep"))));
    assertFalse(first.id().equals(pinned.id()));
    assertEquals(List.of(pinned.id().orElseThrow()), ids());
    SnapshotResult second = snapshot(tree(2));
    assertEquals(List.of(), second.expired());
    assertEquals(2, ids().size());
    // Without deleting, only told.
    SnapshotManifest unpinned =
        repository.repository.write(
            TestRepository.WRITE,
            writer -> new SnapshotEditor(writer.manifests()).update(pinned.withPins(List.of())));
    List<ManifestId> would =
        repository.repository.write(
            TestRepository.WRITE,
            writer ->
                new SnapshotEditor(writer.manifests())
                    .expire(TestRepository.SOURCE, ZoneOffset.UTC, false));
    assertEquals(List.of(unpinned.id().orElseThrow()), would);
    assertEquals(2, ids().size());
  }

  @Test
  void anIdenticalSnapshotIsNotSavedIfThePolicySaysSo() throws IOException {
    repository.setPolicy(TestRepository.SOURCE, keepLatest(5, true));
    assertTrue(snapshot(tree(1)).saved());
    SnapshotResult same = snapshot(tree(1));
    assertFalse(same.saved());
    assertEquals(Optional.empty(), same.manifest().id());
    assertEquals(1, ids().size());
    assertTrue(snapshot(tree(2)).saved());
    assertEquals(2, ids().size());
  }

  @Test
  void refusesSourcesAndTagsThatCannotBeLabels() throws IOException {
    SnapshotManifest saved = snapshot(tree(1)).manifest();
    SnapshotManifest shadowing =
        new SnapshotManifest(
            null,
            saved.source(),
            "",
            1,
            2,
            saved.stats(),
            "",
            saved.rootOrNull(),
            Map.of("hostname", "other"),
            List.of());
    repository.repository.write(
        TestRepository.WRITE,
        writer -> {
          SnapshotEditor editor = new SnapshotEditor(writer.manifests());
          assertThrows(IllegalArgumentException.class, () -> editor.save(shadowing));
          assertThrows(IllegalArgumentException.class, () -> editor.update(shadowing));
          return true;
        });
    assertThrows(
        IllegalArgumentException.class,
        () -> SnapshotRequest.of(new SourceInfo("host", "user", "")));
  }

  @Test
  void listsGoOnWithoutWhatCannotBeRead() throws IOException {
    SnapshotManifest good = snapshot(tree(1)).manifest();
    ManifestId bad =
        repository.repository.write(
            TestRepository.WRITE,
            writer ->
                writer
                    .manifests()
                    .put(
                        SnapshotManifest.labelsOf(TestRepository.SOURCE),
                        "{\"startTime\":7}".getBytes(StandardCharsets.UTF_8)));
    SnapshotCatalog.Listing listing = repository.catalog().all();
    assertEquals(List.of(good), listing.snapshots());
    assertEquals(List.of(bad), listing.unreadable());
    assertThrows(DamagedException.class, () -> repository.catalog().load(bad));
    assertEquals(List.of(TestRepository.SOURCE), repository.catalog().sources());
  }

  @Test
  void loadsOnlySnapshots() throws IOException {
    repository.setPolicy(TestRepository.SOURCE, keepLatest(1, false));
    ManifestId policy =
        repository.repository.manifests().find(Map.of("type", "policy")).getFirst().id();
    assertEquals(Optional.empty(), repository.catalog().load(policy));
    assertEquals(Optional.empty(), repository.catalog().load(new ManifestId("0".repeat(32))));
  }

  @Test
  void parentsAreTheNewestWholeSnapshotAndWhatFollowedIt() throws IOException {
    SnapshotManifest base = snapshot(tree(1)).manifest();
    List<SnapshotManifest> saved = new ArrayList<>();
    repository.repository.write(
        TestRepository.WRITE,
        writer -> {
          SnapshotEditor editor = new SnapshotEditor(writer.manifests());
          String[] reasons = {"canceled", "", "checkpoint", "limit reached"};
          for (int i = 0; i < reasons.length; i++) {
            saved.add(
                editor.save(
                    new SnapshotManifest(
                        null,
                        base.source(),
                        "",
                        base.startNanos() + i + 1,
                        base.endNanos() + i + 1,
                        base.stats(),
                        reasons[i],
                        base.rootOrNull(),
                        Map.of(),
                        List.of())));
          }
          return true;
        });
    assertEquals(saved.subList(1, 4), repository.catalog().previous(TestRepository.SOURCE));
  }

  private Optional<Compression> compressionOf(DirEntry directory) throws IOException {
    IndexEntry entry =
        repository.repository.contents().find(directory.objectId().contentId()).orElseThrow();
    return Compression.byHeaderId(entry.compressionHeaderId());
  }

  @Test
  void aPolicyBelowTheRootIsTakenRaw() throws IOException {
    SourceInfo below = new SourceInfo("host", "user", "/src/raw");
    repository.setPolicy(
        below,
        policy(
            RetentionPolicy.UNSET,
            new FilesPolicy(List.of("*.tmp"), false, List.of(), false, null, 0, null),
            ""));
    List<SourceEntry> files = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      files.add(FakeTree.file("some-name-" + i, new byte[] {1}));
    }
    files.add(FakeTree.file("x.tmp", new byte[] {1}));
    SourceEntry[] array = files.toArray(SourceEntry[]::new);
    // A different number of files, or the two would be one object.
    List<SourceEntry> more = new ArrayList<>(files);
    more.add(FakeTree.file("y", new byte[] {1}));
    SnapshotManifest snapshot =
        snapshot(
                FakeTree.directory(
                    "src",
                    FakeTree.directory("raw", array),
                    FakeTree.directory("usual", more.toArray(SourceEntry[]::new))))
            .manifest();
    DirEntry raw = repository.entry(snapshot, "raw");
    DirEntry usual = repository.entry(snapshot, "usual");
    assertEquals(50, raw.summary().orElseThrow().files());
    assertEquals(52, usual.summary().orElseThrow().files());
    // What the policy leaves unset is unset, even where there is a default.
    assertEquals(Optional.empty(), compressionOf(raw));
    assertEquals(Optional.of(Compression.ZSTD_FASTEST), compressionOf(usual));
    assertEquals(1, snapshot.stats().excludedFileCount());
  }
}
