package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.testkit.Json;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SnapshotStats;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetentionGoldenTest {
  private static SnapshotManifest snapshot(long start, long end, String incomplete) {
    return new SnapshotManifest(
        null,
        new SourceInfo("h", "u", "/p"),
        "",
        start,
        end,
        SnapshotStats.NONE,
        incomplete,
        null,
        Map.of(),
        List.of());
  }

  private static RetentionPolicy policy(Json json) {
    return new RetentionPolicy(
        limit(json, "keepLatest"),
        limit(json, "keepHourly"),
        limit(json, "keepDaily"),
        limit(json, "keepWeekly"),
        limit(json, "keepMonthly"),
        limit(json, "keepAnnual"),
        null);
  }

  private static @Nullable Long limit(Json json, String name) {
    return json.has(name) ? (Long) json.get(name).number() : null;
  }

  @Test
  void keepsWhatKopiaKeeps() throws IOException {
    int snapshots = 0;
    for (Json c : PolicyVectors.cases("retention.json")) {
      List<SnapshotManifest> manifests = new ArrayList<>();
      List<List<String>> expected = new ArrayList<>();
      for (Json snap : c.get("snaps").list()) {
        manifests.add(
            snapshot(
                GoTime.epochNanos(Instant.parse(snap.get("start").text())),
                GoTime.epochNanos(Instant.parse(snap.get("end").text())),
                snap.text("inc", "")));
        expected.add(snap.get("reasons").list().stream().map(Json::text).toList());
        snapshots++;
      }
      assertEquals(expected, Retention.reasons(policy(c.get("policy")), manifests, ZoneOffset.UTC));
    }
    assertEquals(350, snapshots);
  }

  @Test
  void keepsWhatKopiaKeepsInEveryZone() throws IOException {
    for (Json c : PolicyVectors.cases("retention-zones.json")) {
      List<SnapshotManifest> manifests = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (Json snap : c.get("snaps").list()) {
        long start = Long.parseLong(snap.get("s").text());
        manifests.add(snapshot(start, start + 60_000_000_000L, snap.get("inc").text()));
        expected.add(snap.get("r").text());
      }
      ZoneId zone = ZoneId.of(c.get("zone").text());
      List<List<String>> reasons = Retention.reasons(policy(c.get("policy")), manifests, zone);
      assertEquals(
          expected, reasons.stream().map(list -> String.join(",", list)).toList(), c.toString());
      List<String> all = reasons.stream().flatMap(List::stream).toList();
      assertEquals(c.get("compact").text(), String.join(",", Retention.compact(all)));
    }
  }

  @Test
  void expiresWhatHasNeitherReasonNorPin() {
    RetentionPolicy one = new RetentionPolicy(1L, null, null, null, null, null, null);
    List<SnapshotManifest> snapshots =
        List.of(
            snapshot(1, 1, ""), snapshot(2, 2, "").withPins(List.of("keep")), snapshot(3, 3, ""));
    assertEquals(List.of(snapshots.getFirst()), Retention.expired(one, snapshots, ZoneOffset.UTC));
    assertEquals(List.of(), Retention.expired(one, List.of(), ZoneOffset.UTC));
  }

  @Test
  void survivesLimitsOfAnySize() {
    List<SnapshotManifest> snapshots =
        List.of(
            snapshot(Long.MAX_VALUE, 0, ""), snapshot(0, 0, ""), snapshot(Long.MIN_VALUE, 0, ""));
    for (long limit : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 1L << 40, 1L << 60}) {
      RetentionPolicy policy = new RetentionPolicy(limit, limit, limit, limit, limit, limit, null);
      assertEquals(3, Retention.reasons(policy, snapshots, ZoneId.of("Europe/Berlin")).size());
    }
    // The week 1970-01 hides behind the month of that name.
    assertEquals(
        List.of("latest-1", "hourly-1", "daily-1", "monthly-1", "annual-1"),
        Retention.reasons(DefaultPolicy.POLICY.retention(), snapshots.subList(1, 2), ZoneOffset.UTC)
            .getFirst());
  }
}
