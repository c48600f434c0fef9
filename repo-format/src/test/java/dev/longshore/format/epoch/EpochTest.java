package dev.longshore.format.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.epoch.EpochRules.EpochRange;
import dev.longshore.format.fuzz.Fuzz;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.EpochParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpochTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final EpochParameters PARAMETERS = EpochParameters.DEFAULT;

  /// A blob written `hours` after the start.
  private static BlobMetadata blob(String name, double hours) {
    return new BlobMetadata(new BlobId(name), 1000, START.plusMillis((long) (hours * 3_600_000)));
  }

  private static EpochState state(String... names) {
    return EpochState.of(Stream.of(names).map(name -> blob(name, 0)).toList());
  }

  private static String active(EpochState state) {
    return names(state.activeIndexBlobs());
  }

  private static String names(List<BlobMetadata> blobs) {
    return String.join(" ", blobs.stream().map(blob -> blob.id().value()).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "xe5, 'Marker[epoch=5]'",
    "xe5_x, 'Marker[epoch=5]'",
    "xw1795254084, 'Watermark[unixSeconds=1795254084]'",
    "xn0_aa-s1-c1, 'Uncompacted[epoch=0]'",
    "xs12_aa-s1-c1, 'SingleEpoch[epoch=12]'",
    "xr0_7_aa-s1-c1, 'Range[low=0, high=7]'",
  })
  void readsNames(String name, String parsed) {
    assertEquals(parsed, EpochBlobName.parse(new BlobId(name)).orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x", "xe", "xex", "xe-1", "xe1073741824", "xe99999999999999999999", "xw", "xw-5", "xw1x",
        "xw999999999999999999999", "xn", "xn0", "xn_a", "xn01_a", "xnx_", "xs_", "xs1", "xr1_a",
        "xr1_2", "xr2_1_a", "xr_1_a", "xr1__a", "xq1_2", "ne5", "kopia.repository"
      })
  void ignoresForeignNames(String name) {
    assertEquals(Optional.empty(), EpochBlobName.parse(new BlobId(name)));
  }

  @Test
  void namesAreWrittenAsTheyAreRead() {
    assertEquals("xe3", new EpochBlobName.Marker(3).blobId().value());
    assertEquals("xw17", new EpochBlobName.Watermark(17).blobId().value());
    assertEquals("xn3_", new EpochBlobName.Uncompacted(3).namePrefix());
    assertEquals("xs3_", new EpochBlobName.SingleEpoch(3).namePrefix());
    assertEquals("xr3_9_", new EpochBlobName.Range(3, 9).namePrefix());
  }

  @Test
  void aNewRepositoryIsAtEpochZero() {
    assertEquals(0, state().writeEpoch());
    assertEquals("", active(state()));
    assertEquals("xn0_a", active(state("xn0_a")));
  }

  @Test
  void oneEpochBeyondTheWriteEpochIsReadAndNoMore() {
    EpochState state = state("xe3", "xe2", "xn2_a", "xn3_a", "xn4_a", "xn5_a");
    assertEquals(3, state.writeEpoch());
    assertEquals("xn2_a xn3_a xn4_a", active(state));
  }

  @Test
  void aCompactionReplacesSettledEpochsOnly() {
    String[] names = {"xe5", "xn3_a", "xn4_a", "xs3_b", "xs4_b", "xn5_a"};
    assertEquals("xs3_b xn4_a xn5_a", active(state(names)));
    assertTrue(state(names).isSettled(3));
    assertFalse(state(names).isSettled(4));
  }

  @Test
  void anIncompleteCompactionIsNotUsed() {
    assertEquals("xn0_a", active(state("xe5", "xn0_a", "xs0_1-s1-c2")));
    assertEquals(
        "xs0_1-s1-c2 xs0_2-s1-c2", active(state("xe5", "xn0_a", "xs0_1-s1-c2", "xs0_2-s1-c2")));
  }

  @Test
  void theFirstCompleteCompactionIsUsed() {
    String[] names = {"xe5", "xs0_1-s1-c2", "xs0_3-s2-c2", "xs0_4-s2-c2", "xs0_2-s1-c2"};
    assertEquals("xs0_3-s2-c2 xs0_4-s2-c2", active(state(names)));
    assertEquals("xs0_9-x-y", active(state("xe5", "xs0_1-s1-c2", "xs0_9-x-y", "xs0_2-s1-c2")));
    assertEquals("", active(state("xe5", "xs0_1-s1-c0", "xs0_2-s2-c99999999999")));
  }

  @Test
  void sessionBlobsCountWithoutTheirOtherShards() {
    assertEquals("xn0_1-s1-c2", active(state("xn0_1-s1-c2")));
  }

  @Test
  void rangesReplaceTheirEpochs() {
    String[] names = {"xe9", "xn0_a", "xs7_a", "xr0_7_a", "xn8_a", "xn9_a"};
    assertEquals("xr0_7_a xn8_a xn9_a", active(state(names)));
  }

  @Test
  void theChainOfRangesStartsAtZeroAndHasNoGaps() {
    String[] epochs = {"xe30", "xs0_a", "xs5_a", "xs9_a", "xs20_a"};
    List<String> names = new ArrayList<>(List.of(epochs));
    names.add("xr5_9_a");
    assertEquals("xs0_a xs5_a xs9_a xs20_a", active(state(names.toArray(String[]::new))));
    names.add("xr0_4_a");
    assertEquals("xr0_4_a xr5_9_a xs20_a", active(state(names.toArray(String[]::new))));
    names.add("xr11_28_a");
    assertEquals("xr0_4_a xr5_9_a xs20_a", active(state(names.toArray(String[]::new))));
    names.add("xr10_20_a-s1-c2");
    assertEquals("xr0_4_a xr5_9_a xs20_a", active(state(names.toArray(String[]::new))));
    names.add("xr10_20_b-s1-c2");
    assertEquals(
        "xr0_4_a xr5_9_a xr10_20_a-s1-c2 xr10_20_b-s1-c2",
        active(state(names.toArray(String[]::new))));
  }

  @Test
  void theChainThatReachesFurthestWinsThenTheShorter() {
    String[] ranges = {
      "xe40", "xr0_4_a", "xr5_9_a", "xr10_14_a", "xr0_9_a", "xr5_12_a", "xr10_19_a"
    };
    assertEquals("xr0_9_a xr10_19_a", active(state(ranges)));
    assertEquals(20, state(ranges).firstEpochAfterRanges());
  }

  @Test
  void aRangeOfOneEpochIsNeverUsed() {
    assertEquals("xs0_a", active(state("xe9", "xs0_a", "xr0_0_a")));
    String[] names = {"xe9", "xs0_a", "xs1_a", "xr0_0_a", "xr1_5_a"};
    assertEquals("xs0_a xs1_a", active(state(names)));
  }

  @Test
  void aRangeBeyondTheEpochsReadIsNotUsed() {
    assertEquals("xn0_a", active(state("xe5", "xn0_a", "xr0_7_a")));
    assertEquals("xr0_6_a", active(state("xe5", "xn0_a", "xr0_6_a")));
  }

  @Test
  void tombstonesUpToTheWatermarkAreDropped() {
    EpochState state = state("xw100", "xw90", "xwx");
    assertEquals(Optional.of(Instant.ofEpochSecond(100)), state.deletionWatermark());
    assertTrue(state.isDropped(entry(true, 100)));
    assertTrue(state.isDropped(entry(true, 5)));
    assertFalse(state.isDropped(entry(true, 101)));
    assertFalse(state.isDropped(entry(false, 5)));
    assertFalse(state().isDropped(entry(true, 0)));
  }

  private static IndexEntry entry(boolean deleted, long time) {
    ContentId id = ContentId.of('k', new byte[16]);
    return new IndexEntry(id, new BlobId("p1"), 0, 30, 2, 0, deleted, time, 3, 0);
  }

  private static EpochState filled(int blobs, double hoursApart) {
    List<BlobMetadata> listing = new ArrayList<>();
    for (int i = 0; i < blobs; i++) {
      listing.add(blob("xn0_" + i, i * hoursApart));
    }
    return EpochState.of(listing);
  }

  @Test
  void anEpochEndsByCountAndAge() {
    assertTrue(EpochRules.shouldAdvance(filled(20, 2), PARAMETERS));
    assertFalse(EpochRules.shouldAdvance(filled(19, 2), PARAMETERS));
    assertFalse(EpochRules.shouldAdvance(filled(20, 1), PARAMETERS));
    assertFalse(EpochRules.shouldAdvance(state("xe1", "xn0_a"), PARAMETERS));
  }

  @Test
  void anEpochEndsBySizeAndAge() {
    BlobMetadata early = new BlobMetadata(new BlobId("xn0_a"), 5 << 20, START);
    Instant later = START.plus(Duration.ofHours(24));
    BlobMetadata late = new BlobMetadata(new BlobId("xn0_b"), 5 << 20, later);
    BlobMetadata small = new BlobMetadata(new BlobId("xn0_b"), (5 << 20) - 1, later);
    assertTrue(EpochRules.shouldAdvance(EpochState.of(List.of(late, early)), PARAMETERS));
    assertFalse(EpochRules.shouldAdvance(EpochState.of(List.of(small, early)), PARAMETERS));
  }

  @Test
  void theOldestSettledEpochIsCompactedNext() {
    assertEquals(
        OptionalInt.of(1),
        EpochRules.nextSingleCompaction(state("xe5", "xs0_a", "xn0_a", "xn1_a", "xn2_a")));
    assertEquals(
        OptionalInt.of(8),
        EpochRules.nextSingleCompaction(state("xe12", "xr0_7_a", "xn3_a", "xn8_a")));
    OptionalInt none = OptionalInt.empty();
    assertEquals(none, EpochRules.nextSingleCompaction(state("xe1", "xn0_a")));
    assertEquals(none, EpochRules.nextSingleCompaction(state("xe5", "xn1_a")));
    assertEquals(none, EpochRules.nextSingleCompaction(state()));
  }

  @Test
  void aRangeIsDueAfterEnoughSettledEpochs() {
    assertEquals(
        Optional.of(new EpochRange(0, 7)), EpochRules.dueRangeCheckpoint(state("xe9"), PARAMETERS));
    assertEquals(Optional.empty(), EpochRules.dueRangeCheckpoint(state("xe8"), PARAMETERS));
    assertEquals(
        Optional.of(new EpochRange(8, 15)),
        EpochRules.dueRangeCheckpoint(state("xe17", "xr0_7_a"), PARAMETERS));
    assertEquals(
        Optional.empty(), EpochRules.dueRangeCheckpoint(state("xe16", "xr0_7_a"), PARAMETERS));
  }

  @Test
  void aRangeIsMadeOfTheCompactionsOfItsEpochs() {
    EpochState state = state("xe9", "xs0_a", "xn0_a", "xn1_a", "xs7_a", "xn8_a", "xs8_a");
    assertEquals("xs0_a xn1_a xs7_a", names(state.indexBlobsOf(0, 7)));
  }

  @Test
  void whatACompactionReplacesGoesAfterTheMargin() {
    List<BlobMetadata> listing = new ArrayList<>();
    listing.add(blob("xe3", 0));
    listing.add(blob("xn0_a", 0));
    listing.add(blob("xn0_b", 0));
    listing.add(blob("xs0_1-s1-c2", 0));
    listing.add(blob("xs0_2-s1-c2", 6));
    listing.add(blob("xn1_a", 0));
    assertEquals("", names(superseded(listing)));
    listing.add(blob("xn3_a", 10));
    assertEquals("", names(superseded(listing)));
    listing.add(blob("xn4_a", 10.01));
    assertEquals("xn0_a xn0_b", names(superseded(listing)));
  }

  private static List<BlobMetadata> superseded(List<BlobMetadata> listing) {
    return EpochRules.supersededIndexBlobs(EpochState.of(listing), PARAMETERS);
  }

  @Test
  void oldMarkersGoOnceTheStoresClockIsKnown() {
    List<BlobMetadata> listing = new ArrayList<>();
    for (String name : List.of("xe1", "xe2", "xe3", "xe4", "xw10", "xw20")) {
      listing.add(blob(name, 0));
    }
    listing.add(blob("xw15", 6));
    assertEquals(List.of(), EpochRules.staleMarkers(EpochState.of(listing), PARAMETERS));
    listing.add(blob("xn4_a", 10));
    assertEquals(
        "xe1 xe2 xw10", names(EpochRules.staleMarkers(EpochState.of(listing), PARAMETERS)));
    listing.add(blob("xn5_a", 11));
    assertEquals(
        "xe1 xe2 xw10 xw15", names(EpochRules.staleMarkers(EpochState.of(listing), PARAMETERS)));
  }

  @Test
  void hostileListingsGiveAStateAtOnce() {
    byte[] sample =
        "xe5 xe3 xw17 xn4_a-s1-c1 xn5_b-s1-c1 xs3_a-s1-c1 xr0_2_a-s1-c2 xr0_2_b-s1-c2"
            .getBytes(StandardCharsets.US_ASCII);
    Fuzz.run(
        1,
        List.of(sample),
        bytes -> {
          List<BlobMetadata> listing = new ArrayList<>();
          for (String name : new String(bytes, StandardCharsets.ISO_8859_1).split(" ", -1)) {
            if (BlobId.isValid(name)) {
              listing.add(blob(name, listing.size()));
            }
          }
          EpochState state = EpochState.of(listing);
          state.activeIndexBlobs();
          EpochRules.shouldAdvance(state, PARAMETERS);
          EpochRules.nextSingleCompaction(state);
          EpochRules.dueRangeCheckpoint(state, PARAMETERS);
          EpochRules.supersededIndexBlobs(state, PARAMETERS);
          EpochRules.staleMarkers(state, PARAMETERS);
        });
  }

  @Test
  void theDocumentationShowsWhatIsRead() throws IOException {
    String list = "";
    int shown = 0;
    for (String line : DocumentedSamples.of("epochs.md").block("epochs")) {
      if (line.startsWith("list: ")) {
        list = line.substring(6);
      } else if (line.startsWith("read: ")) {
        assertEquals(line.substring(6), active(state(list.split(" ", -1))));
        shown++;
      }
    }
    assertEquals(3, shown);
  }
}
