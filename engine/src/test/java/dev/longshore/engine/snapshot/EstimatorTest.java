package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.source.SourceEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EstimatorTest {
  private TestRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
  }

  private Estimator.Estimate estimate(SourceEntry root, UploadProgress progress)
      throws IOException {
    return new Estimator(repository.repository.manifests(), progress, 2)
        .estimate(FakeTree.of(root), TestRepository.SOURCE, new CancelToken());
  }

  @Test
  void countsWhatASnapshotWouldHold() throws IOException {
    SourceEntry root =
        FakeTree.directory(
            "src",
            FakeTree.file(".kopiaignore", "*.log\nskip/\n".getBytes(StandardCharsets.UTF_8)),
            FakeTree.file("small", new byte[999]),
            FakeTree.file("file.kopia-entry", new byte[300]),
            FakeTree.directory("folder.kopia-entry", FakeTree.file(".kopia-entry", new byte[300])),
            FakeTree.file("k", new byte[1000]),
            FakeTree.file("a.log", new byte[50]),
            FakeTree.directory("skip", FakeTree.file("f", new byte[1])),
            FakeTree.directory("d", FakeTree.file("m", new byte[1_000_000])),
            FakeTree.unreadable("bad", "no"));
    List<String> errors = new ArrayList<>();
    Estimator.Estimate estimate =
        estimate(
            root,
            new UploadProgress() {
              @Override
              public void error(String path, String message, boolean isIgnored) {
                errors.add(path + ": " + message);
              }
            });
    assertEquals(List.of("bad: no"), errors);
    assertEquals(4, estimate.stats().fileCount());
    assertEquals(1_001_999 + 12, estimate.stats().totalSize());
    assertEquals(3, estimate.stats().dirCount());
    assertEquals(1, estimate.stats().excludedFileCount());
    assertEquals(50, estimate.stats().excludedTotalSize());
    assertEquals(1, estimate.stats().excludedDirCount());
    assertEquals(1, estimate.stats().errorCount());
    assertEquals(List.of("skip"), estimate.excludedDirectories());
    assertEquals(14, estimate.included().size());
    Estimator.Bucket smallest = estimate.included().getLast();
    assertEquals(0, smallest.minSizeBytes());
    assertEquals(2, smallest.count());
    assertEquals(1011, smallest.totalBytes());
    Estimator.Bucket million =
        estimate.included().stream()
            .filter(b -> b.minSizeBytes() == 1_000_000)
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(new Estimator.Example("d/m", 1_000_000)), million.examples());
    assertEquals(
        List.of(new Estimator.Example("a.log", 50)), estimate.excluded().getLast().examples());
  }

  @Test
  void refusesAnUnreadableRootAndAFile() {
    assertThrows(
        IOException.class, () -> estimate(FakeTree.unreadable("src", "no"), UploadProgress.NONE));
    assertThrows(
        UnsupportedException.class,
        () -> estimate(FakeTree.file("f", new byte[1]), UploadProgress.NONE));
  }
}
