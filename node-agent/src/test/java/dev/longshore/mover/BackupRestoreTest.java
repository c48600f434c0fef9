package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import dev.longshore.interop.SampleTree;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackupRestoreTest extends MoverCase {
  private static final int LARGE = 12 << 20;

  private Path volume;

  @BeforeEach
  void prepare() throws IOException {
    volume = temp.resolve("volume");
    SampleTree.make(volume, 1, LARGE);
    assertEquals(DataMover.COMPLETED, run("prepare").status());
  }

  private static long bytes(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
      }
      return sum;
    }
  }

  private Outcome completed(Outcome outcome) {
    assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
    assertEquals(TaskReport.Outcome.COMPLETED, outcome.report().outcome());
    return outcome;
  }

  private Path restored(String id, String... more) throws IOException {
    Path target = Files.createDirectory(temp.resolve("restored-" + id + more.length));
    Outcome outcome = completed(restore(id, target, more));
    assertEquals(bytes(target), outcome.report().totalBytes());
    return target;
  }

  @Test
  void bringsBackWhatItTook() throws Exception {
    TaskReport report = completed(backup(volume, "--verify-percent=50")).report();

    assertEquals(bytes(volume), report.totalBytes());
    assertEquals(report.totalBytes(), report.incrementalBytes());
    assertFalse(report.emptySnapshot());
    assertEquals("full", report.details().get("kind"));
    assertEquals("ok", report.details().get("verify"));
    long verified = Long.parseLong(report.details().getOrDefault("verifiedBytes", "0"));
    assertTrue(verified > 0 && verified < report.totalBytes(), verified + " bytes");
    assertEquals(SampleTree.describe(volume), SampleTree.describe(restored(report.snapshotId())));
  }

  @Test
  void writesWhatVelerosUploaderWrites() throws Exception {
    TaskReport report =
        completed(
                backup(
                    volume,
                    "--tag=snapshot-requester=snapshot-data-upload-download",
                    "--tag=snapshot-uploader=kopia",
                    "--tag=velero.io/async-operation-id=du-1.2"))
            .report();

    SnapshotManifest snapshot = snapshot(report.snapshotId());
    assertEquals(new SourceInfo("default", "default", SOURCE), snapshot.source());
    assertEquals("Kopia Uploader", snapshot.description());
    assertEquals(List.of("velero-pin"), snapshot.pins());
    assertEquals("du-1.2", snapshot.tags().get("velero.io/async-operation-id"));
    assertEquals("kopia", snapshot.tags().get("snapshot-uploader"));
    try (Repository repository = open()) {
      Policy policy = new Policies(repository.manifests()).defined(snapshot.source()).orElseThrow();
      assertEquals(2147483647L, policy.retention().keepLatest());
      assertEquals(2147483647L, policy.retention().keepAnnual());
      assertEquals("none", policy.compression().compressorName());
      assertTrue(policy.scheduling().manual());
      assertEquals(true, policy.errorHandling().ignoreUnknownTypes());
      assertEquals(2L << 30, policy.upload().parallelUploadAboveSizeBytes());
    }
  }

  @Test
  void takesOverWhatTheParentHas() throws Exception {
    TaskReport first = completed(backup(volume)).report();
    long before = bytes(volume);
    Files.write(volume.resolve("text.txt"), new byte[1000], StandardOpenOption.APPEND);
    Files.write(volume.resolve("a/new"), new byte[70_000]);
    long changed = Files.size(volume.resolve("text.txt")) + 70_000;

    TaskReport second = completed(backup(volume)).report();

    assertEquals(first.snapshotId(), second.details().get("parent"));
    assertEquals("incremental", second.details().get("kind"));
    assertEquals(before + 71_000, second.totalBytes());
    assertEquals(changed, second.incrementalBytes());
    assertEquals(Long.toString(changed), second.details().get("readBytes"));
    assertEquals(SampleTree.describe(volume), SampleTree.describe(restored(second.snapshotId())));

    TaskReport third = completed(backup(volume)).report();
    assertEquals(0, third.incrementalBytes());
    assertEquals("0", third.details().get("readBytes"));
  }

  @Test
  void takesNothingOverIfThatWasAsked() throws Exception {
    completed(backup(volume));
    TaskReport full = completed(backup(volume, "--parent=none")).report();

    assertEquals("full", full.details().get("kind"));
    assertEquals(full.totalBytes(), full.incrementalBytes());
    assertEquals("0", full.details().get("cachedBytes"));
  }

  @Test
  void takesTheParentThatIsNamed() throws Exception {
    TaskReport first = completed(backup(volume)).report();
    Files.write(volume.resolve("a/new"), new byte[70_000]);
    completed(backup(volume));

    TaskReport third = completed(backup(volume, "--parent=" + first.snapshotId())).report();

    assertEquals(first.snapshotId(), third.details().get("parent"));
    assertEquals(70_000, third.incrementalBytes());
  }

  @Test
  void fallsBackToAllAndSaysWhy() throws Exception {
    TaskReport report =
        completed(backup(volume, "--parent=0123456789abcdef0123456789abcdef")).report();

    assertEquals("full", report.details().get("kind"));
    assertTrue(report.details().getOrDefault("parentFallback", "").contains("no snapshot"));
  }

  @Test
  void hasNoParentOfAnotherMaker() throws Exception {
    completed(
        backup(
            volume,
            "--tag=snapshot-requester=snapshot-data-upload-download",
            "--tag=snapshot-uploader=restic"));

    assertEquals("full", completed(backup(volume)).report().details().get("kind"));
  }

  @Test
  void countsTheNewChunksOfALargeFile() throws Exception {
    Path file = volume.resolve("a/b/c/d/large.bin");
    completed(backup(volume));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    TaskReport second = completed(backup(volume)).report();

    assertTrue(
        second.incrementalBytes() > 0 && second.incrementalBytes() < LARGE,
        second.incrementalBytes() + " of " + LARGE);
  }

  @Test
  void tellsOfAnEmptyVolume() throws Exception {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    TaskReport report = completed(backup(empty)).report();

    assertTrue(report.emptySnapshot());
    assertEquals(0, report.totalBytes());
    assertNotEquals("", report.snapshotId());
    assertEquals(0, bytes(restored(report.snapshotId())));
  }

  @Test
  void doesNotMakeTwiceWhatAnAttemptHasMade() throws Exception {
    String[] tags = {
      "--tag=snapshot-requester=snapshot-data-upload-download",
      "--tag=snapshot-uploader=kopia",
      "--tag=velero.io/async-operation-id=du-1.2"
    };
    TaskReport first = completed(backup(volume, tags)).report();
    Files.write(volume.resolve("a/new"), new byte[70_000]);

    TaskReport second = completed(backup(volume, tags)).report();

    assertEquals(first.snapshotId(), second.snapshotId());
    assertEquals(first.totalBytes(), second.totalBytes());
    assertEquals("true", second.details().get("reused"));
    assertEquals(1, snapshots().size());
  }

  @Test
  void goesOnFromACheckpoint() throws Exception {
    TaskReport first = completed(backup(volume)).report();
    SnapshotManifest whole = snapshot(first.snapshotId());
    try (Repository repository = open()) {
      var _ =
          repository.write(
              WriteOptions.forPurpose("test"),
              writer -> {
                SnapshotEditor editor = new SnapshotEditor(writer.manifests());
                editor.delete(List.of(whole.id().orElseThrow()));
                return editor.save(
                    new SnapshotManifest(
                        null,
                        whole.source(),
                        "",
                        whole.startNanos(),
                        whole.endNanos(),
                        whole.stats(),
                        SnapshotManifest.CHECKPOINT,
                        whole.rootOrNull(),
                        whole.tags(),
                        List.of()));
              });
    }

    TaskReport second = completed(backup(volume)).report();

    assertTrue(second.details().containsKey("resumedFrom"));
    assertEquals("0", second.details().get("readBytes"));
    assertEquals(second.totalBytes(), second.incrementalBytes(), "the parent had nothing of it");
    assertEquals(
        List.of(second.snapshotId()),
        snapshots().stream().map(s -> s.id().orElseThrow().toString()).toList());
  }

  @Test
  void failsWhereAFileCannotBeRead() throws Exception {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root reads everything");
    Files.setPosixFilePermissions(volume.resolve("text.txt"), java.util.Set.of());
    TaskReport report = backup(volume).report();

    assertEquals(Reasons.VOLUME_UNREADABLE, report.reason());
    assertTrue(report.message().contains("text.txt"), report.message());
    assertTrue(snapshots().stream().noneMatch(SnapshotManifest::isComplete));
  }

  @Test
  void passesOverWhatIsNeitherFileNorDirectory() throws Exception {
    assumeTrue(
        new ProcessBuilder("mkfifo", volume.resolve("fifo").toString()).start().waitFor() == 0);
    TaskReport report = completed(backup(volume)).report();

    assertEquals("1", report.details().get("specialFiles"));
  }

  @Test
  void keepsCachesToo() throws Exception {
    Path cache = Files.createDirectory(volume.resolve("cache"));
    Files.writeString(
        cache.resolve("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
    Files.writeString(cache.resolve("data"), "data");

    Path target = restored(completed(backup(volume)).report().snapshotId());
    assertEquals("data", Files.readString(target.resolve("cache/data")));
  }

  @Test
  void replacesWhatIsInTheVolume() throws Exception {
    String id = completed(backup(volume)).report().snapshotId();
    Path target = Files.createDirectory(temp.resolve("target"));
    Files.writeString(target.resolve("text.txt"), "older");
    Files.writeString(target.resolve("extra"), "extra");

    completed(restore(id, target));
    assertTrue(Files.exists(target.resolve("extra")));
    completed(restore(id, target, "--delete-extra"));
    assertEquals(SampleTree.describe(volume), SampleTree.describe(target));
  }

  @Test
  void makesHolesIfThatWasAsked() throws Exception {
    String id = completed(backup(volume)).report().snapshotId();
    Path plain = restored(id);
    Path sparse = restored(id, "--write-sparse-files", "--parallel=3");

    assertEquals(SampleTree.describe(plain), SampleTree.describe(sparse));
    assertTrue(allocated(sparse.resolve("zeros.img")) < allocated(plain.resolve("zeros.img")));
  }

  private static long allocated(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return Long.parseLong(
        new String(stat.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
            .strip());
  }

  @Test
  void leavesTheMarkerThatAPodWaitsFor() throws Exception {
    Files.createDirectories(volume.resolve(".velero"));
    Files.writeString(volume.resolve(".velero/old"), "");
    String id = completed(backup(volume)).report().snapshotId();
    Path target = restored(id, "--completion-marker=1-2-3");

    try (Stream<Path> markers = Files.list(target.resolve(".velero"))) {
      assertEquals(List.of(target.resolve(".velero/1-2-3")), markers.toList());
    }
    assertEquals(DataMover.USAGE, restore(id, target, "--completion-marker=../x").status());
  }

  @Test
  void findsThePodsVolume() throws Exception {
    Path pod = temp.resolve("pods/uid/volumes");
    Path csi = Files.createDirectories(pod.resolve("kubernetes.io~csi/pvc-1/mount"));
    Files.createDirectories(pod.resolve("kubernetes.io~empty-dir/scratch"));
    Files.writeString(csi.resolve("file"), "csi");
    Files.writeString(csi.resolveSibling("vol_data.json"), "{}");

    TaskReport report = completed(backup(pod, "--volume-directory=pvc-1")).report();
    assertEquals(3, report.totalBytes());
    assertEquals(
        3,
        completed(restore(report.snapshotId(), pod, "--volume-directory=scratch"))
            .report()
            .totalBytes());
    assertEquals("csi", Files.readString(pod.resolve("kubernetes.io~empty-dir/scratch/file")));
    assertEquals(Reasons.VOLUME_MISSING, backup(pod, "--volume-directory=other").report().reason());
    Files.createDirectories(pod.resolve("kubernetes.io~nfs/scratch"));
    assertEquals(
        Reasons.VOLUME_MISSING, backup(pod, "--volume-directory=scratch").report().reason());
  }

  @Test
  void needsNeitherCredentialsNorAFolder() throws Exception {
    environment.put("TMPDIR", Files.createDirectory(temp.resolve("tmp")).toString());
    List<String> command =
        new java.util.ArrayList<>(
            command(
                "backup",
                "--volume-path=" + volume,
                "--source-path=" + SOURCE,
                "--credentials-file=" + temp.resolve("no secret")));
    command.removeIf(option -> option.startsWith("--cache-folder"));
    completed(run(command));

    try (Stream<Path> left = Files.list(temp.resolve("tmp"))) {
      assertEquals(List.of(), left.toList());
    }
    command.set(command.indexOf("--password-file") + 1, temp.resolve("no password").toString());
    assertEquals(Reasons.BAD_LOCATION, run(command).report().reason());
  }

  @Test
  void tellsWhatIsNotThere() throws Exception {
    assertEquals(Reasons.VOLUME_MISSING, backup(temp.resolve("none")).report().reason());
    Path target = Files.createDirectory(temp.resolve("target"));
    assertEquals(
        Reasons.SNAPSHOT_NOT_FOUND,
        restore("0123456789abcdef0123456789abcdef", target).report().reason());
    at(location(Map.of("fspath", temp.resolve("elsewhere").toString()), false));
    assertEquals(Reasons.REPOSITORY_MISSING, backup(volume).report().reason());
    environment.clear();
    assertEquals(Reasons.BAD_LOCATION, backup(volume).report().reason());
  }

  @Test
  void doesNotReportWhatDoesNotReadBack() throws Exception {
    random =
        new java.security.SecureRandom() {
          private static final long serialVersionUID = 1;

          /// What the sample is chosen by: the first time it is asked, the packs are there.
          @Override
          public double nextDouble() {
            try {
              spoilPacks();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
            return super.nextDouble();
          }
        };
    TaskReport report = backup(volume, "--verify-percent=100").report();
    assertEquals(Reasons.VERIFICATION_FAILED, report.reason(), report.message());
    assertTrue(report.retriable());
    assertEquals("", report.snapshotId());

    random = new java.security.SecureRandom();
    assertTrue(snapshots().stream().noneMatch(SnapshotManifest::isComplete));
    TaskReport healed = completed(backup(volume, "--verify-percent=100")).report();
    assertTrue(Long.parseLong(healed.details().getOrDefault("healedContents", "0")) > 0);
    assertEquals(SampleTree.describe(volume), SampleTree.describe(restored(healed.snapshotId())));
  }

  private boolean spoiled;

  private void spoilPacks() throws IOException {
    if (spoiled) {
      return;
    }
    spoiled = true;
    try (Stream<Path> packs = Files.walk(folder().resolve("p"))) {
      for (Path pack : packs.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(pack);
        for (int i = 1000; i < bytes.length; i += 100_000) {
          bytes[i] ^= 1;
        }
        Files.write(pack, bytes);
      }
    }
  }

  @Test
  void refusesOptionsThatMakeNoSense() throws Exception {
    for (String option :
        List.of(
            "--no-such=1",
            "--parallel=x",
            "--verify-percent=101",
            "--volume-mode=Object",
            "--tag=novalue",
            "--metadata-failures=maybe",
            "--delete-extra=perhaps")) {
      Outcome outcome = backup(volume, option);
      assertEquals(DataMover.USAGE, outcome.status(), option);
      assertEquals(Reasons.BAD_OPTIONS, outcome.report().reason(), option);
    }
    assertThrows(java.nio.file.NoSuchFileException.class, () -> run(List.of("nothing")));
  }
}
