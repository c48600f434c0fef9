package dev.longshore.cbt;

import static dev.longshore.cbt.MetadataAnswer.failure;
import static dev.longshore.cbt.MetadataAnswer.message;
import static dev.longshore.cbt.MetadataAnswer.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.cbt.ChangeSearch.Base;
import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.block.ChangeMode;
import dev.longshore.engine.block.ChangeReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeSearchTest {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 10 * MIB + 512;
  private static final Base PARENT = new Base("handle-1", "", SIZE, true);

  private final VirtualTime time = new VirtualTime();
  private final List<MetadataQuery> asked = new ArrayList<>();
  private MetadataAnswer delta = failure("INTERNAL", "not set");
  private MetadataAnswer allocated = failure("INTERNAL", "not set");

  private ChangeSearch.Found find(Base base) throws InterruptedException {
    MetadataCalls calls =
        new DirectCalls(question -> {
          asked.add(question.query());
          return question.query() instanceof MetadataQuery.Delta ? delta : allocated;
        });
    TokenSource tokens = new ServiceAccountTokensTest.Fixed("t");
    return ChangeSearch.in("velero", "snap", calls, tokens, time.pace(1), () -> false)
        .find(SIZE, base);
  }

  private static List<Integer> blocks(BlockMap map) {
    List<Integer> all = new ArrayList<>();
    for (int i = map.nextMarked(0); i >= 0; i = map.nextMarked(i + 1)) {
      all.add(i);
    }
    return all;
  }

  @Test
  void whatChangedIsAllThatIsRead() throws Exception {
    delta = whole(List.of(message(SIZE, new Extent(MIB - 1, 2), new Extent(10 * MIB, 512))));
    ChangeSearch.Found found = find(PARENT);
    assertEquals(ChangeReport.of(ChangeMode.DELTA), found.report());
    assertEquals(List.of(0, 1, 10), blocks(found.blocks()));
    assertEquals(List.of(new MetadataQuery.Delta("velero", "handle-1", "snap")), asked);
  }

  @Test
  void whatHasBeenAddedToADeviceCountsAsChanged() throws Exception {
    delta = whole(List.of());
    Base smaller = new Base("handle-1", "", 8 * MIB + 5, true);
    assertEquals(List.of(8, 9, 10), blocks(find(smaller).blocks()));
    assertEquals(List.of(), blocks(find(new Base("handle-1", "", 2 * SIZE, true)).blocks()));
  }

  @Test
  void withoutADeltaWhatIsAllocatedIsRead() throws Exception {
    delta = failure("NOT_FOUND", "snapshot handle-1 is gone");
    allocated = whole(List.of(message(SIZE, new Extent(3 * MIB, MIB))));
    ChangeSearch.Found found = find(PARENT);
    assertEquals(
        new ChangeReport(
            ChangeMode.ALLOCATED,
            "no list of changes: NOT_FOUND: snapshot handle-1 is gone",
            "NOT_FOUND"),
        found.report());
    assertEquals(List.of(3), blocks(found.blocks()));
  }

  @Test
  void aHalfAnsweredDeltaLeavesNothingBehind() throws Exception {
    delta = new MetadataAnswer(List.of(message(SIZE, new Extent(0, MIB))), "DATA_LOSS", "broken");
    allocated = whole(List.of(message(SIZE, new Extent(3 * MIB, MIB))));
    assertEquals(List.of(3), blocks(find(PARENT).blocks()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutAnyListEverythingIsRead(boolean hasParent) throws Exception {
    delta = failure("NOT_FOUND", "gone");
    allocated = failure("UNIMPLEMENTED", "");
    ChangeSearch.Found found = find(new Base("handle-1", "", SIZE, hasParent));
    assertEquals(
        new ChangeReport(
            hasParent ? ChangeMode.HASH_COMPARE : ChangeMode.FULL,
            "no list of changes: NOT_FOUND: gone; no list of what is allocated: UNIMPLEMENTED",
            "NOT_FOUND"),
        found.report());
    assertEquals(11, found.blocks().count());
  }

  @Test
  void aFullBackupReadsWhatIsAllocatedAndThatIsNoFallback() throws Exception {
    allocated = whole(List.of());
    ChangeSearch.Found found = find(Base.NOT_WANTED);
    assertEquals(ChangeReport.of(ChangeMode.ALLOCATED), found.report());
    assertEquals(List.of(), blocks(found.blocks()));
    allocated = failure("PERMISSION_DENIED", "no");
    ChangeReport report = find(Base.NOT_WANTED).report();
    assertEquals(ChangeMode.FULL, report.mode());
    assertEquals("PERMISSION_DENIED", report.code());
  }

  @Test
  void whereNobodyCanBeAskedThatIsTheReason() throws Exception {
    ChangeSearch.Found found = ChangeSearch.without("driver x has no service").find(SIZE, PARENT);
    assertEquals(
        new ChangeReport(ChangeMode.HASH_COMPARE, "driver x has no service", ""), found.report());
    assertEquals(11, found.blocks().count());
    assertTrue(asked.isEmpty());
  }

  @Test
  void anUnfitParentIsNamed() throws Exception {
    allocated = whole(List.of());
    Base unfit = new Base("", "the parent is of another volume", 0, false);
    assertEquals(
        new ChangeReport(ChangeMode.ALLOCATED, "the parent is of another volume", ""),
        find(unfit).report());
  }
}
