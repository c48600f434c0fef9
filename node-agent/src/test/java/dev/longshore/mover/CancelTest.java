package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.interop.SampleTree;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CancelTest extends MoverCase {
  private Path volume;

  @BeforeEach
  void prepare() throws IOException {
    volume = temp.resolve("volume");
    SampleTree.make(volume, 1, 8 << 20);
    assertEquals(DataMover.COMPLETED, run("prepare").status());
  }

  /// Cancels at a certain draw: names of packs and sessions, nonces and ids are drawn all along.
  private final class Canceller extends SecureRandom {
    private static final long serialVersionUID = 1;

    private int left;

    Canceller(int draws) {
      left = draws;
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
      if (left-- == 0) {
        cancel.cancel();
      }
      super.nextBytes(bytes);
    }
  }

  @Test
  void stopsBeforeItBegins() throws Exception {
    cancel.cancel();
    Outcome outcome = backup(volume);

    assertEquals(DataMover.CANCELED, outcome.status());
    assertEquals(TaskReport.Outcome.CANCELED, outcome.report().outcome());
    assertTrue(snapshots().isEmpty());
  }

  @Test
  void stopsABackupAnywhere() throws Exception {
    boolean completed = false;
    int canceled = 0;
    for (int draws = 0; !completed && draws < 40; draws++) {
      cancel = new CancelToken();
      random = new Canceller(draws);
      Outcome outcome =
          backup(volume, "--tag=snapshot-requester=r" + draws, "--tag=snapshot-uploader=kopia");
      if (outcome.status() == DataMover.CANCELED) {
        canceled++;
        assertEquals("", outcome.report().snapshotId());
        assertTrue(snapshots().stream().noneMatch(SnapshotManifest::isComplete));
        assertTrue(snapshots().stream().allMatch(s -> s.pins().isEmpty()));
      } else {
        assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
        assertFalse(outcome.report().snapshotId().isEmpty());
        completed = true;
      }
    }
    assertTrue(completed && canceled > 0, canceled + " were canceled");

    cancel = new CancelToken();
    random = new SecureRandom();
    Outcome after = backup(volume);
    assertEquals(DataMover.COMPLETED, after.status(), after.log());
    Path target = Files.createDirectory(temp.resolve("target"));
    assertEquals(DataMover.COMPLETED, restore(after.report().snapshotId(), target).status());
    assertEquals(SampleTree.describe(volume), SampleTree.describe(target));
  }

  @Test
  void stopsARestore() throws Exception {
    String id = backup(volume).report().snapshotId();
    Path target = Files.createDirectory(temp.resolve("target"));
    cancel.cancel();
    assertEquals(DataMover.CANCELED, restore(id, target, "--completion-marker=1").status());
    assertFalse(Files.exists(target.resolve(".velero")));
  }
}
