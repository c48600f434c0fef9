package dev.longshore.engine.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.maintenance.TaskRun;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nine days of a repository with a maintenance every hour, as Kopia 4ebb2be6c goes through them
/// (`maintenance/timeline.txt`): which tasks run when, what becomes of a content that a deleted
/// snapshot had, when its packs go, and which epochs and watermarks there are.
///
/// Numbers and sizes of blobs are not compared: they depend on how much the writers' manifests and
/// directories take.
final class MaintenanceTimelineGoldenTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int HOURS = 200;

  /// `t=… full=… content: … | [markers] map[…] | ran: …`
  private static final Pattern LINE =
      Pattern.compile(
          "t=(\\S+) full=(true|false) content: (.*) \\| \\[(.*)\\] map.* \\| ran: (.*)");

  private static final Pattern PACK = Pattern.compile(" in p[0-9a-f]+");
  private static final Pattern STATS = Pattern.compile("([a-z-]+)(\\{[^}]*\\})?");

  private record Event(String time, boolean full, String content, String markers, String ran) {}

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "3, false", "3, true"})
  void doesWhenKopiaDoes(int version, boolean hourly) throws Exception {
    List<Event> expected = expected("=== format v" + version + " hourlySnapshots=" + hourly);
    assertTrue(expected.size() > 7, "" + expected.size());
    List<Event> found = new Timeline(version, hourly).run();
    for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
      assertEquals(expected.get(i), found.get(i));
    }
    assertEquals(expected.size(), found.size());
  }

  private static List<Event> expected(String head) throws IOException {
    String text;
    try (InputStream in =
        MaintenanceTimelineGoldenTest.class.getResourceAsStream("/maintenance/timeline.txt")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Event> events = new ArrayList<>();
    String part = text.substring(text.indexOf(head) + head.length());
    for (String line : part.split("===", 2)[0].lines().toList()) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        events.add(
            new Event(
                m.group(1),
                m.group(2).equals("true"),
                PACK.matcher(m.group(3)).replaceAll(""),
                m.group(4),
                ran(m.group(5))));
      }
    }
    return events;
  }

  /// Tasks, with what they counted where that does not depend on sizes.
  private static String ran(String tasks) {
    StringBuilder kept = new StringBuilder();
    Matcher task = STATS.matcher(tasks);
    while (task.find()) {
      kept.append(task.group(1));
      String stats = task.group(2);
      boolean exact =
          List.of("advance-epoch", "cleanup-epoch-markers", "full-drop-deleted-content")
              .contains(task.group(1));
      if (stats != null && exact) {
        kept.append(stats);
      }
      kept.append(' ');
    }
    return kept.toString().strip();
  }

  private static final class Timeline {
    private final FakeClock clock = new FakeClock(START);
    private final MemoryStore store = new MemoryStore(clock);
    private final RandomGenerator random = Seeds.generator(1);
    private final MaintainedRepository client;
    private final boolean hourly;
    private final ContentId file;
    private final BlobId filePack;
    private final BlobId directoryPack;

    Timeline(int version, boolean hourly) throws RepositoryException {
      this.hourly = hourly;
      this.client = MaintainedRepository.create(store, clock, version);
      SnapshotManifest snapshot = client.snapshot(Map.of("f", Seeds.bytes(random, 500)));
      DirEntry root = SnapshotTree.root(snapshot);
      try (var cursor = SnapshotTree.of(client.repository).open(root)) {
        this.file = Objects.requireNonNull(cursor.next()).objectId().contentId();
      }
      this.filePack = find(file).orElseThrow().packBlobId();
      this.directoryPack = find(root.objectId().contentId()).orElseThrow().packBlobId();
      // Something that stays.
      client.snapshot(Map.of("other", Seeds.bytes(random, 300)));
      clock.advance(Duration.ofMinutes(10));
      client.delete(snapshot.id().orElseThrow());
    }

    private Optional<IndexEntry> find(ContentId id) throws RepositoryException {
      return client.repository.contents().find(id);
    }

    List<Event> run() throws RepositoryException {
      List<Event> events = new ArrayList<>();
      String last = "";
      for (int hour = 1; hour < HOURS; hour++) {
        clock.advance(Duration.ofHours(1));
        if (hourly) {
          client.snapshot(Map.of("f" + hour, Seeds.bytes(random, 200)));
        }
        Instant now = clock.instant();
        Optional<MaintenanceReport> report =
            client.maintain(MaintenanceMode.AUTO, MaintenanceSafety.FULL);
        boolean full = report.isPresent() && report.get().mode() == MaintenanceMode.FULL;
        Event event =
            new Event(time(Duration.between(START, now)), full, content(), markers(), ranAt(now));
        String state = event.content + event.markers;
        if (full || !state.equals(last)) {
          events.add(event);
        }
        last = state;
      }
      return events;
    }

    private static String time(Duration since) {
      return "%dh%dm%ds".formatted(since.toHours(), since.toMinutesPart(), since.toSecondsPart());
    }

    private String content() throws RepositoryException {
      String what =
          find(file)
              .map(entry ->
                  entry.deleted()
                      ? "deleted-mark@"
                          + time(
                              Duration.between(
                                  START, Instant.ofEpochSecond(entry.timestampSeconds())))
                      : "live")
              .orElse("absent");
      return what
          + ", original p-pack "
          + (store.metadata(filePack).isPresent() ? "present" : "GONE")
          + (store.metadata(directoryPack).isPresent() ? "" : ", original q-pack GONE");
    }

    private String markers() throws RepositoryException {
      TreeSet<String> names = new TreeSet<>();
      store.list("x", blob -> addMarker(blob, names));
      return String.join(" ", names);
    }

    private static void addMarker(BlobMetadata blob, Set<String> names) {
      if (blob.id().startsWith("xe") || blob.id().startsWith("xw")) {
        names.add(blob.id().value());
      }
    }

    private String ranAt(Instant now) throws RepositoryException {
      StringBuilder text = new StringBuilder();
      client
          .repository
          .maintenance()
          .schedule()
          .runs()
          .forEach((task, runs) -> {
            TaskRun newest = runs.getFirst();
            if (newest.start().equals(now)) {
              text.append(task);
              newest
                  .extra()
                  .forEach(extra -> text.append(new String(extra.data(), StandardCharsets.UTF_8)));
              text.append(' ');
            }
          });
      return ran(text.toString());
    }
  }
}
