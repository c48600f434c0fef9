package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFault;
import dev.longshore.engine.source.SourceOther;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryError;
import dev.longshore.format.policy.ActionCommand;
import dev.longshore.format.policy.ActionsPolicy;
import dev.longshore.format.policy.ErrorHandlingPolicy;
import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UploadErrorTest {
  private TestRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
  }

  private SnapshotResult snapshot(SourceEntry root) throws IOException {
    return repository.snapshot(FakeTree.of(root), SnapshotRequest.of(TestRepository.SOURCE));
  }

  private static DirSummary summary(SnapshotResult result) {
    return result.manifest().root().orElseThrow().summary().orElseThrow();
  }

  private static Policy withErrors(ErrorHandlingPolicy errors) {
    Policy u = Policy.UNSET;
    return new Policy(
        u.retention(),
        u.files(),
        errors,
        u.scheduling(),
        u.compression(),
        u.metadataCompressor(),
        u.splitter(),
        u.actions(),
        u.volumeShadowCopy(),
        u.logging(),
        u.upload(),
        u.noParent());
  }

  @Test
  void anUnreadableFileIsNotedInEveryDirectoryAbove() throws IOException {
    SnapshotResult result =
        snapshot(
            FakeTree.directory(
                "root",
                FakeTree.directory(
                    "sub",
                    FakeTree.failing("bad", "unable to open local file: open /r/sub/bad: no"),
                    FakeTree.file("good", new byte[] {1})),
                FakeTree.failing("also", "no")));
    assertEquals(
        List.of(
            new EntryError("also", "unable to open file: no"),
            new EntryError(
                "sub/bad", "unable to open file: unable to open local file: open /r/sub/bad: no")),
        summary(result).errors());
    assertEquals(2, summary(result).numFailed());
    assertEquals(2, result.manifest().stats().errorCount());
    assertEquals(
        1, repository.entry(result.manifest(), "sub").summary().orElseThrow().errors().size());
    assertEquals(1, summary(result).files());
    assertTrue(result.manifest().isComplete());
  }

  @Test
  void anUnreadableDirectoryIsLeftOut() throws IOException {
    SnapshotResult result =
        snapshot(
            FakeTree.directory(
                "root",
                FakeTree.unreadable("dir", "unable to read directory: open /r/dir: no"),
                FakeTree.file("f", new byte[0])));
    assertEquals(
        List.of(
            new EntryError(
                "dir", "cannot create iterator: unable to read directory: open /r/dir: no")),
        summary(result).errors());
    assertEquals(1, repository.walk(result.manifest()).size());
  }

  @Test
  void aDirectoryThatFailsHalfwayIsLeftOut() throws IOException {
    FakeTree.Directory halfway =
        new FakeTree.Directory(
            "dir",
            FakeTree.status(FileKind.DIRECTORY, 0),
            () ->
                new FakeTree.Listing(List.of(FakeTree.file("a", new byte[] {1}))) {
                  private boolean first = true;

                  @Override
                  public @Nullable SourceEntry next() throws IOException {
                    if (!first) {
                      throw new IOException("readdirent /r/dir: gone");
                    }
                    first = false;
                    return super.next();
                  }
                });
    SnapshotResult result = snapshot(FakeTree.directory("root", halfway));
    assertEquals(
        List.of(new EntryError("dir", "readdirent /r/dir: gone")), summary(result).errors());
    assertEquals(0, repository.walk(result.manifest()).size());
  }

  @Test
  void anUnreadableRootIsNoSnapshot() {
    IOException e =
        assertThrows(
            IOException.class, () -> snapshot(FakeTree.unreadable("root", "open /r: denied")));
    assertEquals("cannot create iterator: open /r: denied", e.getMessage());
  }

  @Test
  void policyDecidesWhichErrorsCount() throws IOException {
    SourceEntry root =
        FakeTree.directory(
            "root",
            FakeTree.unreadable("dir", "d"),
            FakeTree.failing("file", "f"),
            new SourceFault(
                "lost", FakeTree.status(FileKind.UNKNOWN, 0), "lstat /r/lost: no", false),
            new SourceFault("mount", FakeTree.status(FileKind.DIRECTORY, 0), "m", true),
            new SourceOther("fifo", FakeTree.status(FileKind.FIFO, 0)));

    DirSummary plain = summary(snapshot(root));
    assertEquals(4, plain.numFailed());
    assertEquals(0, plain.numIgnoredErrors());

    repository.setPolicy(
        TestRepository.SOURCE, withErrors(new ErrorHandlingPolicy(true, null, null)));
    assertEquals(2, summary(snapshot(root)).numIgnoredErrors());
    repository.setPolicy(
        TestRepository.SOURCE, withErrors(new ErrorHandlingPolicy(null, true, false)));
    DirSummary other = summary(snapshot(root));
    assertEquals(2, other.numIgnoredErrors());
    assertEquals(3, other.numFailed());
    assertTrue(
        other.errors().contains(new EntryError("fifo", "unknown or unsupported entry type")));
  }

  @Test
  void failFastEndsAtTheFirstError() throws IOException {
    repository.options =
        new UploadOptions(
            1,
            0,
            0,
            true,
            Duration.ofMinutes(1),
            Map.of(),
            true,
            UploadOptions.NEVER,
            AttributeOptions.DEFAULTS);
    SnapshotResult result =
        snapshot(
            FakeTree.directory(
                "root",
                FakeTree.file("a", new byte[] {1}),
                FakeTree.failing("b", "no"),
                FakeTree.file("c", new byte[] {1})));
    assertEquals(SnapshotManifest.CANCELED, result.manifest().incomplete());
    assertEquals(SnapshotManifest.CANCELED, summary(result).incomplete());
    assertEquals(1, summary(result).numFailed());
    assertEquals(1, summary(result).files());
  }

  @Test
  void aRuleThatMeansNothingFailsTheDirectory() throws IOException {
    SourceEntry root =
        FakeTree.directory(
            "root",
            FakeTree.directory(
                "d",
                FakeTree.file(".kopiaignore", "[a".getBytes(StandardCharsets.UTF_8)),
                FakeTree.file("f", new byte[0])),
            FakeTree.file("f", new byte[0]));
    SnapshotResult result = snapshot(root);
    assertEquals(1, summary(result).numFailed());
    assertEquals("d", summary(result).errors().getFirst().path());
    assertEquals(1, repository.walk(result.manifest()).size());
  }

  @Test
  void listingsAreClosedWhateverHappens() throws IOException {
    int[] open = {0};
    FakeTree.Directory counted =
        new FakeTree.Directory(
            "root",
            FakeTree.status(FileKind.DIRECTORY, 0),
            () -> {
              open[0]++;
              return new FakeTree.Listing(List.of(FakeTree.failing("x", "no"))) {
                @Override
                public void close() {
                  open[0]--;
                }
              };
            });
    snapshot(counted);
    assertEquals(0, open[0]);
  }

  @Test
  void saysThatActionsWereNotRun() throws IOException {
    ActionsPolicy actions =
        new ActionsPolicy(new ActionCommand("", List.of(), "echo", 0, ""), null, null, null);
    Policy u = Policy.UNSET;
    Policy policy =
        new Policy(
            u.retention(),
            FilesPolicy.UNSET,
            u.errorHandling(),
            u.scheduling(),
            u.compression(),
            "",
            "",
            actions,
            null,
            u.logging(),
            u.upload(),
            false);
    SourceEntry root = FakeTree.directory("root", FakeTree.directory("d"));
    MemoryStore store = new MemoryStore(repository.clock);
    TestRepository.create(store);
    SourceInfo below = new SourceInfo("host", "user", "/src/d");
    repository.setPolicy(below, policy);
    assertFalse(snapshot(root).actionsSkipped());
    TestRepository enabled = TestRepository.withActions(store);
    enabled.setPolicy(below, policy);
    assertTrue(
        enabled
            .snapshot(FakeTree.of(root), SnapshotRequest.of(TestRepository.SOURCE))
            .actionsSkipped());
  }

  @Test
  void aSourceThatThrowsUnexpectedlyFailsTheUpload() {
    FakeTree.Directory broken =
        new FakeTree.Directory(
            "d",
            FakeTree.status(FileKind.DIRECTORY, 0),
            () -> {
              throw new IllegalStateException("a bug");
            });
    SourceEntry root = FakeTree.directory("root", broken, FakeTree.file("f", new byte[] {1, 2, 3}));
    assertThrows(IllegalStateException.class, () -> snapshot(root));
  }
}
