package dev.longshore.format.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.json.GoTime;
import dev.longshore.format.maintenance.TaskStats.Tally;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// The JSON that kopia 4ebb2be6c makes of the same counts.
final class TaskStatsGoldenTest {
  private static final Tally TEN = new Tally(10, 1024);
  private static final Tally FIVE = new Tally(5, 512);
  private static final Tally TWENTY = new Tally(20, 2048);

  private static void check(String kind, String json, TaskStats stats) {
    TaskRun.Extra extra = stats.encode();
    assertEquals(kind, extra.kind());
    assertEquals(json, new String(extra.data(), StandardCharsets.UTF_8));
  }

  @Test
  void countsOfContentsArePutAsKopiaPutsThem() {
    check(
        "snapshotGCStats",
        "{\"unreferencedContentCount\":10,\"unreferencedContentSize\":1024,\"deletedContentCount\":5,"
            + "\"deletedContentSize\":512,\"unreferencedRecentContentCount\":30,"
            + "\"unreferencedRecentContentSize\":3072,\"inUseContentCount\":20,"
            + "\"inUseContentSize\":2048,\"inUseSystemContentCount\":1,"
            + "\"inUseSystemContentSize\":128,\"recoveredContentCount\":40,"
            + "\"recoveredContentSize\":4096}",
        new TaskStats.SnapshotGc(
            TEN, FIVE, new Tally(30, 3072), TWENTY, new Tally(1, 128), new Tally(40, 4096)));
    check(
        "rewriteContentsStats",
        "{\"toRewriteContentCount\":10,\"toRewriteContentSize\":1024,\"rewrittenContentCount\":5,"
            + "\"rewrittenContentSize\":512,\"retainedContentCount\":20,"
            + "\"retainedContentSize\":2048}",
        new TaskStats.RewrittenContents(TEN, FIVE, TWENTY));
    check(
        "compactIndexesStats",
        "{\"droppedContentsDeletedBefore\":\"2025-01-01T00:00:00Z\"}",
        new TaskStats.DroppedContents(Instant.parse("2025-01-01T00:00:00Z")));
    check(
        "compactIndexesStats",
        "{\"droppedContentsDeletedBefore\":\"0001-01-01T00:00:00Z\"}",
        new TaskStats.DroppedContents(GoTime.ZERO));
  }

  @Test
  void countsOfBlobsArePutAsKopiaPutsThem() {
    check(
        "deleteUnreferencedPacksStats",
        "{\"unreferencedPackCount\":10,\"unreferencedTotalSize\":1024,\"deletedPackCount\":5,"
            + "\"deletedTotalSize\":512,\"retainedPackCount\":20,\"retainedTotalSize\":2048}",
        new TaskStats.DeletedPacks(TEN, FIVE, TWENTY));
    check(
        "cleanupLogsStats",
        "{\"toDeleteBlobCount\":10,\"toDeleteBlobSize\":1024,\"deletedBlobCount\":5,"
            + "\"deletedBlobSize\":512,\"retainedBlobCount\":20,\"retainedBlobSize\":2048}",
        new TaskStats.CleanedLogs(TEN, FIVE, TWENTY));
    check(
        "extendBlobRetentionStats",
        "{\"toExtendBlobCount\":10,\"extendedBlobCount\":10,\"retentionPeriod\":\"360h0m0s\"}",
        new TaskStats.ExtendedRetention(10, 10, "360h0m0s"));
  }

  @Test
  void countsOfEpochsArePutAsKopiaPutsThem() {
    check(
        "advanceEpochStats",
        "{\"currentEpoch\":3,\"wasAdvanced\":true}",
        new TaskStats.AdvancedEpoch(3, true));
    check(
        "compactSingleEpochStats",
        "{\"supersededIndexBlobCount\":3,\"supersededIndexTotalSize\":4096,\"epoch\":1}",
        new TaskStats.CompactedEpoch(new Tally(3, 4096), 1));
    check(
        "generateRangeCheckpointStats",
        "{\"rangeMinEpoch\":3,\"rangeMaxEpoch\":5}",
        new TaskStats.EpochRange(3, 5));
    check(
        "cleanupMarkersStats",
        "{\"deletedEpochMarkerBlobCount\":10,\"deletedWatermarkBlobCount\":20}",
        new TaskStats.CleanedMarkers(10, 20));
    check(
        "cleanupSupersededIndexesStats",
        "{\"maxReplacementTime\":\"2025-01-01T00:00:00Z\",\"deletedBlobCount\":10,"
            + "\"deletedTotalSize\":1024}",
        new TaskStats.SupersededIndexes(Instant.parse("2025-01-01T00:00:00Z"), TEN));
  }
}
