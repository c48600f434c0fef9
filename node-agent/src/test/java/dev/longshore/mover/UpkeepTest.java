package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.interop.SampleTree;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.Surroundings;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpkeepTest extends MoverCase {
  private Path volume;

  @BeforeEach
  void prepare() throws IOException {
    volume = temp.resolve("volume");
    SampleTree.make(volume, 1, 5 << 20);
    assertEquals(DataMover.COMPLETED, run("prepare").status());
  }

  private void owner(String owner) throws IOException {
    try (Repository repository = open()) {
      var _ =
          repository.write(
              WriteOptions.forPurpose("test"),
              writer ->
                  writer
                      .manifests()
                      .replace(
                          MaintenanceParams.LABELS, MaintenanceParams.defaults(owner).encode()));
    }
  }

  @Test
  void maintainsWhenItIsDue() throws Exception {
    assertEquals(DataMover.COMPLETED, backup(volume).status());
    Outcome first = run("maintain");
    assertEquals(DataMover.COMPLETED, first.status(), first.log());
    assertEquals("full", first.report().details().get("mode"));
    assertEquals("none", run("maintain").report().details().get("mode"));
  }

  @Test
  void takesOverFromAnOwnerThatIsGone() throws Exception {
    owner("root@old-node");
    Outcome outcome = run("maintain");

    assertEquals("default@default", outcome.report().details().get("owner"), outcome.log());
    assertEquals("full", outcome.report().details().get("mode"));
  }

  @Test
  void leavesItToAnOwnerThatIsAlive() throws Exception {
    assertEquals(DataMover.COMPLETED, run("maintain").status());
    owner("root@other");
    Outcome outcome = run("maintain");

    assertEquals(DataMover.COMPLETED, outcome.status());
    assertEquals("root@other", outcome.report().details().get("owner"));
    assertEquals("none", outcome.report().details().get("mode"));
  }

  @Test
  void forgetsSnapshotsAgainAndAgain() throws Exception {
    String first = backup(volume).report().snapshotId();
    String second = backup(volume).report().snapshotId();
    String[] ids = {
      "--snapshot=" + first, "--snapshot=0123456789abcdef0123456789abcdef", "--snapshot=nonsense"
    };

    TaskReport report = run("forget", ids).report();
    assertEquals("1", report.details().get("forgotten"));
    assertEquals("2", report.details().get("unknown"));
    TaskReport again = run("forget", ids).report();
    assertEquals(TaskReport.Outcome.COMPLETED, again.outcome());
    assertEquals("0", again.details().get("forgotten"));
    assertEquals(second, snapshots().getFirst().id().orElseThrow().toString());
    assertEquals(DataMover.USAGE, run("forget").status());
  }

  @Test
  void forgetsNothingButSnapshots() throws Exception {
    assertEquals(DataMover.COMPLETED, backup(volume).status());
    String policy;
    try (Repository repository = open()) {
      policy = repository.manifests().find(Map.of("type", "policy")).getFirst().id().toString();
    }
    assertEquals("0", run("forget", "--snapshot=" + policy).report().details().get("forgotten"));
    try (Repository repository = open()) {
      assertEquals(1, repository.manifests().find(Map.of("type", "policy")).size());
    }
  }

  @Test
  void verifiesInPieces() throws Exception {
    for (int i = 0; i < 3; i++) {
      Files.write(volume.resolve("more" + i), new byte[1000 * (i + 1)]);
      assertEquals(DataMover.COMPLETED, backup(volume).status());
    }
    int runs = 0;
    boolean ended = false;
    long bytes = 0;
    while (!ended && runs++ < 100) {
      TaskReport report = run("verify", "--max-bytes=1000").report();
      assertEquals(TaskReport.Outcome.COMPLETED, report.outcome(), report.message());
      bytes += report.totalBytes();
      ended = report.details().getOrDefault("passEnded", "").equals("true");
    }
    assertTrue(ended && runs > 3, runs + " runs");
    assertTrue(bytes > 5 << 20, bytes + " bytes");
  }

  @Test
  void findsDamageAndHasItHealed() throws Exception {
    assertEquals(DataMover.COMPLETED, backup(volume).status());
    try (Stream<Path> packs = Files.walk(folder().resolve("p"))) {
      for (Path pack : packs.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);
      }
    }
    TaskReport report = run("verify").report();
    assertEquals(Reasons.REPOSITORY_DAMAGED, report.reason());
    assertTrue(Long.parseLong(report.details().getOrDefault("damagedContents", "0")) > 0);

    TaskReport healed = backup(volume).report();
    assertTrue(healed.details().containsKey("healedContents"), healed.toJson());
    assertEquals(TaskReport.Outcome.COMPLETED, run("verify").report().outcome());
  }

  @Test
  void worksOnWhatVeleroWrote() throws Exception {
    Path made = Fixtures.velero(temp.resolve("fixture"));
    Files.move(folder(), temp.resolve("aside"));
    Files.move(made, folder());
    int devices = 0;
    for (SnapshotManifest snapshot : snapshots()) {
      String id = snapshot.id().orElseThrow().toString();
      boolean block = snapshot.root().orElseThrow().name().startsWith("/dev/");
      Path target = temp.resolve("target-" + id);
      Outcome outcome;
      if (block) {
        devices++;
        Files.createFile(target);
        outcome = restore(id, target, "--volume-mode=Block");
        assertEquals(outcome.report().totalBytes(), Files.size(target));
      } else {
        Files.createDirectory(target);
        outcome = restore(id, target);
      }
      assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
      SnapshotManifest last = snapshot;
      Map<String, String> tags = last.tags();
      if (!block && tags.containsKey("snapshot-requester")) {
        Outcome next =
            run(
                command(
                    "backup",
                    "--volume-path=" + target,
                    "--source-path=" + last.source().path(),
                    "--tag=snapshot-requester=" + tags.get("snapshot-requester"),
                    "--tag=snapshot-uploader=" + tags.get("snapshot-uploader")));
        assertEquals(DataMover.COMPLETED, next.status(), next.log());
        assertEquals("incremental", next.report().details().get("kind"));
      }
    }
    assertTrue(devices > 0);
    assertEquals(DataMover.COMPLETED, run("verify").status());
  }

  /// Runs a task that is told to stop when its log says something.
  private TaskReport stoppedAt(String words, String task) throws IOException {
    CancelToken stop = new CancelToken();
    PrintStream out =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (line != null && line.contains(words)) {
              stop.cancel();
            }
          }
        };
    Surroundings surroundings =
        new Surroundings(environment, Clock.systemUTC(), random, kube, out, timing);
    int status = new DataMover(surroundings).run(command(task), stop);
    assertEquals(DataMover.CANCELED, status);
    return TaskReport.parse(Files.readString(temp.resolve("report")));
  }

  @Test
  void maintenanceEndsWhenItIsToldTo() throws Exception {
    assertEquals(DataMover.COMPLETED, backup(volume).status());
    TaskReport report = stoppedAt("maintenance begins", "maintain");
    assertEquals(TaskReport.Outcome.CANCELED, report.outcome());
    // It was noted as begun, as Kopia has it: the next full one comes in its time.
    Outcome next = run("maintain");
    assertEquals(DataMover.COMPLETED, next.status(), next.log());
    assertEquals(DataMover.COMPLETED, run("verify").status());
  }

  @Test
  void verificationThatIsToldToStopCallsNothingDamaged() throws Exception {
    assertEquals(DataMover.COMPLETED, backup(volume).status());
    TaskReport report = stoppedAt("reading back", "verify");
    assertEquals(TaskReport.Outcome.CANCELED, report.outcome());
    TaskReport next = run("verify").report();
    assertEquals(TaskReport.Outcome.COMPLETED, next.outcome(), next.message());
    assertTrue(next.totalBytes() > 5 << 20, next.toJson());
    assertFalse(backup(volume).report().details().containsKey("healedContents"));
  }
}
