package dev.longshore.format.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.fuzz.Fuzz;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class V0IndexSetTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private static BlobMetadata blob(String name, long length, int minutes) {
    return new BlobMetadata(new BlobId(name), length, START.plusSeconds(60L * minutes));
  }

  private static List<BlobMetadata> blobs(String... names) {
    return Stream.of(names).map(name -> blob(name, 100, 0)).toList();
  }

  private static List<BlobMetadata> sized(int count, long length) {
    List<BlobMetadata> blobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blobs.add(blob("n" + length + "x" + i, length, 0));
    }
    return blobs;
  }

  private static List<BlobMetadata> joined(List<BlobMetadata> a, List<BlobMetadata> b) {
    return Stream.concat(a.stream(), b.stream()).toList();
  }

  @Test
  void inputsLeaveOnceAllOutputsAreThere() {
    CompactionLog log = new CompactionLog(blobs("n1", "n2"), blobs("n3", "n4"));
    assertEquals(
        blobs("n3", "n4", "n5"),
        V0IndexSet.active(blobs("n1", "n2", "n3", "n4", "n5"), List.of(log)));
    assertEquals(
        blobs("n1", "n2", "n3", "n5"),
        V0IndexSet.active(blobs("n1", "n2", "n3", "n5"), List.of(log)));
  }

  /// Found by the simulation: a cleanup was cut off when an output that had been merged again was
  /// gone, and some of its inputs were not.
  @Test
  void whatWasMergedTwiceDoesNotComeBackWhenItsFirstOutputGoes() {
    CompactionLog first = new CompactionLog(blobs("n1", "n2"), blobs("n3"));
    CompactionLog second = new CompactionLog(blobs("n3", "n4"), blobs("n5"));
    CompactionLog third = new CompactionLog(blobs("n5"), blobs("n6"));
    for (List<CompactionLog> logs :
        List.of(List.of(first, second, third), List.of(third, second, first))) {
      assertEquals(blobs("n6", "n7"), V0IndexSet.active(blobs("n2", "n6", "n7"), logs));
      assertEquals(blobs("n6"), V0IndexSet.active(blobs("n1", "n3", "n6"), logs));
      assertEquals(
          blobs("n2"), V0IndexSet.active(blobs("n2"), logs), "nothing tells what it is in");
    }
  }

  @Test
  void outputsAreDeletedAfterTheirInputs() {
    Map<BlobMetadata, CompactionLog> logs = new LinkedHashMap<>();
    logs.put(blob("m2", 10, 1), new CompactionLog(blobs("n0", "n3"), blobs("n5")));
    logs.put(blob("m1", 10, 0), new CompactionLog(blobs("n1", "n2"), blobs("n3")));
    logs.put(blob("m3", 10, 2), new CompactionLog(blobs("n5"), blobs("n6")));
    assertEquals(
        List.of(
            List.of(new BlobId("n0"), new BlobId("n1"), new BlobId("n2")),
            List.of(new BlobId("n3")),
            List.of(new BlobId("n5"))),
        V0IndexSet.cleanup(logs, START.plus(HOUR).plus(HOUR), HOUR).indexBlobs());
    logs.put(blob("m4", 10, 3), new CompactionLog(blobs("n6"), blobs("n5")));
    assertEquals(
        6,
        V0IndexSet.cleanup(logs, START.plus(HOUR).plus(HOUR), HOUR).indexBlobs().stream()
            .mapToInt(List::size)
            .sum(),
        "a circle ends, too");
  }

  @Test
  void aLogWithoutOutputsDropsItsInputs() {
    CompactionLog log = new CompactionLog(blobs("n1"), List.of());
    assertEquals(blobs("n2"), V0IndexSet.active(blobs("n1", "n2"), List.of(log)));
  }

  @Test
  void outputsOfOneCompactionMayBeInputsOfTheNext() {
    CompactionLog first = new CompactionLog(blobs("n1"), blobs("n2"));
    CompactionLog second = new CompactionLog(blobs("n2", "n3"), blobs("n4"));
    assertEquals(
        blobs("n4"), V0IndexSet.active(blobs("n1", "n2", "n3", "n4"), List.of(second, first)));
  }

  @Test
  void fewSmallBlobsAreLeftAlone() {
    assertEquals(List.of(), V0IndexSet.toCompact(sized(7, 10), 1000, 8, false));
    assertEquals(sized(8, 10), V0IndexSet.toCompact(sized(8, 10), 1000, 8, false));
  }

  @Test
  void largeBlobsAreTakenOnlyWhenAllAre() {
    List<BlobMetadata> mixed = joined(sized(8, 500), sized(2, 1001));
    assertEquals(sized(8, 500), V0IndexSet.toCompact(mixed, 1000, 8, false));
    assertEquals(mixed, V0IndexSet.toCompact(mixed, 1000, 8, true));
  }

  @Test
  void verySmallBlobsAreMergedAmongThemselves() {
    List<BlobMetadata> mixed = joined(sized(9, 49), sized(6, 50));
    assertEquals(sized(9, 49), V0IndexSet.toCompact(mixed, 1000, 8, false));
    List<BlobMetadata> manyMedium = joined(sized(9, 49), sized(7, 50));
    assertEquals(manyMedium, V0IndexSet.toCompact(manyMedium, 1000, 8, false));
    List<BlobMetadata> fewVerySmall = joined(sized(4, 49), sized(4, 50));
    assertEquals(fewVerySmall, V0IndexSet.toCompact(fewVerySmall, 1000, 8, false));
  }

  @Test
  void inputsAreDeletedAfterTheSettleTime() {
    Map<BlobMetadata, CompactionLog> logs = new LinkedHashMap<>();
    logs.put(blob("m1", 1, 0), new CompactionLog(blobs("n1", "n2"), blobs("n3")));
    logs.put(blob("m2", 1, 1), new CompactionLog(blobs("n3"), blobs("n4")));
    V0IndexSet.Cleanup cleanup = V0IndexSet.cleanup(logs, START.plus(HOUR), HOUR);
    assertEquals(List.of(List.of(new BlobId("n1"), new BlobId("n2"))), cleanup.indexBlobs());
    assertEquals(List.of(new BlobId("m1")), cleanup.finishedLogs());
  }

  @Test
  void logsAreDeletedBeforeTheListThatNamesThem() {
    Map<BlobMetadata, CleanupList> lists = new LinkedHashMap<>();
    BlobId m1 = new BlobId("m1");
    BlobId m2 = new BlobId("m2");
    lists.put(blob("l1", 1, 0), new CleanupList(List.of(m1), START));
    lists.put(blob("l2", 1, 60), new CleanupList(List.of(m2), START.plusSeconds(1)));
    assertEquals(List.of(m1, new BlobId("l1")), V0IndexSet.dueForDeletion(lists, HOUR));
    assertEquals(List.of(), V0IndexSet.dueForDeletion(Map.of(), HOUR));
    assertEquals(4, V0IndexSet.dueForDeletion(lists, Duration.ZERO).size());
  }

  @Test
  void bodiesComeBack() throws IOException {
    CompactionLog log = new CompactionLog(blobs("n1", "n2"), blobs("n3"));
    assertEquals(log, CompactionLog.decode(log.encode()));
    CleanupList list = new CleanupList(List.of(new BlobId("m1")), START);
    assertEquals(list, CleanupList.decode(list.encode()));
    assertEquals(
        "{\"blobIDs\":[\"m1\"],\"cleanupScheduleTime\":\"2026-01-01T00:00:00Z\"}",
        new String(list.encode(), StandardCharsets.UTF_8));
  }

  @Test
  void readsAbsentListsAndZoneOffsets() throws IOException {
    String json =
        """
        {"inputMetadata":[{"id":"n1","length":255,"timestamp":"2026-01-01T01:00:00+01:00"}],\
        "outputMetadata":null}\
        """;
    CompactionLog log = CompactionLog.decode(json.getBytes(StandardCharsets.UTF_8));
    assertEquals(new CompactionLog(List.of(blob("n1", 255, 0)), List.of()), log);
  }

  @Test
  void refusesNamesThatCannotBeBlobs() {
    byte[] json = "{\"blobIDs\":[\"../m1\"]}".getBytes(StandardCharsets.UTF_8);
    assertThrows(CorruptException.class, () -> CleanupList.decode(json));
    byte[] log = "{\"inputMetadata\":[{}]}".getBytes(StandardCharsets.UTF_8);
    assertThrows(CorruptException.class, () -> CompactionLog.decode(log));
  }

  @Test
  void thePoisonNameOpensAsNoIndex() {
    assertTrue(V0IndexSet.POISON.value().startsWith("n" + "0".repeat(32) + "-"));
  }

  @Test
  void damagedBodiesAreRefusedOrWellFormed() {
    CompactionLog log = new CompactionLog(blobs("n1", "n2"), blobs("n3"));
    Fuzz.run(1, List.of(log.encode()), bytes -> CompactionLog.decode(bytes).encode());
    CleanupList list = new CleanupList(List.of(new BlobId("m1")), START);
    Fuzz.run(2, List.of(list.encode()), bytes -> CleanupList.decode(bytes).encode());
  }

  @Test
  void theDocumentationShowsTheBodiesThatAreWritten() throws IOException {
    DocumentedSamples page = DocumentedSamples.of("epochs.md");
    BlobMetadata output = new BlobMetadata(new BlobId("n2"), 300, START.plusSeconds(1));
    CompactionLog log = new CompactionLog(List.of(blob("n1", 255, 0)), List.of(output));
    assertEquals(page.json("compaction-log"), new String(log.encode(), StandardCharsets.UTF_8));
    CleanupList list = new CleanupList(List.of(new BlobId("m1")), START);
    assertEquals(page.json("cleanup-list"), new String(list.encode(), StandardCharsets.UTF_8));
  }
}
