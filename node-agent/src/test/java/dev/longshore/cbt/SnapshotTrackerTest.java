package dev.longshore.cbt;

import static dev.longshore.cbt.MetadataAnswer.failure;
import static dev.longshore.cbt.MetadataAnswer.message;
import static dev.longshore.cbt.MetadataAnswer.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.block.BlockParent;
import dev.longshore.engine.block.ChangeTracker;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotTrackerTest {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 10 * MIB + 512;

  private final List<MetadataQuery> asked = new ArrayList<>();
  private MetadataAnswer answer = whole(List.of());

  private ChangeTracker tracker() {
    MetadataCalls calls =
        new DirectCalls(question -> {
          asked.add(question.query());
          return answer;
        });
    SnapshotMetadata metadata =
        new SnapshotMetadata(
            calls, new ServiceAccountTokensTest.Fixed("t"), new VirtualTime().pace(1), () -> false);
    return new SnapshotTracker(metadata, "velero", "snap");
  }

  private static BlockParent parent(String volumeId, String changeId) {
    SnapshotManifest manifest =
        new SnapshotManifest(
            null,
            new SourceInfo("default", "default", "path"),
            "",
            0,
            0,
            BlockLayout.stats(BlockLayout.objectBytes(SIZE)),
            "",
            null,
            Map.of(),
            List.of());
    return new BlockParent(
        manifest,
        new BlockTags(SIZE, volumeId, changeId),
        ObjectId.parse("Ix0123456789abcdef").orElseThrow());
  }

  private static List<Integer> blocks(ChangeTracker.Answer answer) {
    BlockMap map = answer.blocks().orElseThrow();
    List<Integer> all = new ArrayList<>();
    for (int i = map.nextMarked(0); i >= 0; i = map.nextMarked(i + 1)) {
      all.add(i);
    }
    return all;
  }

  @Test
  void asksForTheChangesSinceTheParentsOwnState() {
    answer = whole(List.of(message(SIZE, new Extent(MIB - 1, 2), new Extent(10 * MIB, 512))));
    assertEquals(
        List.of(0, 1, 10), blocks(tracker().changedSince(parent("vol-1", "handle-1"), SIZE)));
    assertEquals(List.of(new MetadataQuery.Delta("velero", "handle-1", "snap")), asked);
  }

  @Test
  void asksForWhatIsAllocated() {
    answer = whole(List.of(message(SIZE, new Extent(3 * MIB, MIB))));
    assertEquals(List.of(3), blocks(tracker().allocated(SIZE)));
    assertEquals(List.of(new MetadataQuery.Allocated("velero", "snap")), asked);
  }

  @Test
  void halfAnAnswerIsNone() {
    answer = new MetadataAnswer(List.of(message(SIZE, new Extent(0, MIB))), "DATA_LOSS", "broken");
    ChangeTracker.Answer got = tracker().allocated(SIZE);
    assertTrue(got.blocks().isEmpty());
    assertEquals("no list of what is allocated: DATA_LOSS: broken", got.reason());
    assertEquals("DATA_LOSS", got.code());
    answer = failure("NOT_FOUND", "");
    assertEquals(
        ChangeTracker.Answer.failed("no list of changes: NOT_FOUND", "NOT_FOUND"),
        tracker().changedSince(parent("vol-1", "handle-1"), SIZE));
  }

  @Test
  void aParentWithoutAStateOrAVolumeIsNotAskedAbout() {
    assertTrue(tracker().changedSince(parent("vol-1", ""), SIZE).blocks().isEmpty());
    assertTrue(tracker().changedSince(parent("", "handle-1"), SIZE).blocks().isEmpty());
    assertEquals(List.of(), asked);
  }

  @Test
  void whoKnowsNothingSaysWhyOnce() {
    ChangeTracker nobody = SnapshotTracker.knowsNothing("driver x has no service");
    assertEquals(ChangeTracker.Answer.failed("", ""), nobody.changedSince(parent("v", "h"), SIZE));
    assertEquals(
        ChangeTracker.Answer.failed("driver x has no service", ""), nobody.allocated(SIZE));
  }
}
