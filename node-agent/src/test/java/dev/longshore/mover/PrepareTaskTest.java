package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.format.id.BlobId;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PrepareTaskTest extends MoverCase {
  private static final BlobId FORMAT = new BlobId("kopia.repository");
  private static final BlobId RETENTION = new BlobId("kopia.blobcfg");
  private static final BlobId MARKER = new BlobId("udmrepo.Repository");

  private BlobStore store() throws IOException {
    return FilesystemStore.create(FilesystemOptions.of(folder().toString()));
  }

  private void put(BlobId id, byte[] bytes) throws IOException {
    try (BlobStore store = store()) {
      store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
    }
  }

  private byte[] get(BlobId id) throws IOException {
    try (BlobStore store = store()) {
      return store.get(id);
    }
  }

  private void delete(BlobId id) throws IOException {
    try (BlobStore store = store()) {
      store.delete(id);
    }
  }

  private void failsWith(String reason, boolean retriable) throws IOException {
    Outcome outcome = run("prepare");
    assertEquals(DataMover.FAILED, outcome.status());
    assertEquals(reason, outcome.report().reason(), outcome.report().message());
    assertEquals(retriable, outcome.report().retriable());
  }

  @Test
  void makesWhatVeleroWouldMake() throws Exception {
    environment.put("KOPIA_HASHING_ALGORITHM", "BLAKE3-256");
    environment.put("KOPIA_ENCRYPTION_ALGORITHM", "CHACHA20-POLY1305-HMAC-SHA256");
    environment.put("KOPIA_SPLITTER_ALGORITHM", "DYNAMIC-8M-BUZHASH");
    Outcome outcome = run("prepare", "--full-maintenance-seconds=21600");

    assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
    assertEquals("created", outcome.report().details().get("repository"));
    try (Repository repository = open()) {
      assertEquals("BLAKE3-256", repository.format().hash());
      assertEquals("CHACHA20-POLY1305-HMAC-SHA256", repository.format().encryption());
      assertEquals("DYNAMIC-8M-BUZHASH", repository.format().splitter());
      assertEquals("default@default", repository.maintenance().params().owner());
      assertEquals(Duration.ofHours(6), repository.maintenance().params().full().interval());
    }
    String marker = new String(get(MARKER), StandardCharsets.UTF_8);
    assertTrue(marker.matches("\\{\"uniqueID\":\"[A-Za-z0-9+/]{43}=\"}"), marker);
  }

  @Test
  void isContentWithWhatIsThere() throws Exception {
    assertEquals(DataMover.COMPLETED, run("prepare").status());
    byte[] format = get(FORMAT);

    Outcome again = run("prepare", "--full-maintenance-seconds=1");

    assertEquals("connected", again.report().details().get("repository"));
    assertEquals(List.of(), java.util.Arrays.equals(format, get(FORMAT)) ? List.of() : List.of(1));
    try (Repository repository = open()) {
      assertEquals(Duration.ofHours(24), repository.maintenance().params().full().interval());
    }
  }

  @Test
  void goesOnWhereADeathHasLeftIt() throws Exception {
    put(RETENTION, new byte[] {1, 2, 3});
    assertEquals("created", run("prepare").report().details().get("repository"));

    delete(MARKER);
    assertEquals("finished", run("prepare").report().details().get("repository"));
    assertEquals("connected", run("prepare").report().details().get("repository"));
  }

  @Test
  void finishesWhatHasNoParametersYet() throws Exception {
    try (BlobStore store = store()) {
      Repositories.create(store, CreateOptions.DEFAULT, PASSWORD, new SecureRandom());
    }
    // What another maker's key has sealed.
    put(RETENTION, new byte[100]);

    assertEquals("finished", run("prepare").report().details().get("repository"));
    try (Repository repository = open()) {
      assertEquals("default@default", repository.maintenance().params().owner());
    }
  }

  @Test
  void namesForeignData() throws Exception {
    put(new BlobId("p0123456789abcdef0123456789abcdef-s0123"), new byte[10]);
    Outcome outcome = run("prepare");

    assertEquals(Reasons.FOREIGN_DATA, outcome.report().reason());
    assertTrue(outcome.report().message().contains("p0123456789abcdef"));
  }

  @Test
  void refusesAMarkerOfAnotherRepository() throws Exception {
    assertEquals(DataMover.COMPLETED, run("prepare").status());
    put(MARKER, "{\"uniqueID\":\"AAAA\"}".getBytes(StandardCharsets.UTF_8));
    failsWith(Reasons.REPOSITORY_MISMATCH, false);
    put(MARKER, "nonsense".getBytes(StandardCharsets.UTF_8));
    failsWith(Reasons.REPOSITORY_MISMATCH, false);
  }

  @Test
  void makesNothingWhereNothingMayBeWritten() throws Exception {
    assertEquals(Reasons.REPOSITORY_MISSING, run("prepare", "--read-only").report().reason());
    assertFalse(Files.exists(folder()));

    assertEquals(DataMover.COMPLETED, run("prepare").status());
    at(location(Map.of("fspath", temp.resolve("store").toString()), true));
    assertEquals(DataMover.COMPLETED, run("prepare").status());
  }

  @Test
  void tellsAWrongPassword() throws Exception {
    assertEquals(DataMover.COMPLETED, run("prepare").status());
    Files.writeString(temp.resolve("password"), "other");
    failsWith(Reasons.WRONG_PASSWORD, false);
  }

  @Test
  void tellsAnUnknownAlgorithm() throws Exception {
    environment.put("KOPIA_HASHING_ALGORITHM", "MD5");
    failsWith(Reasons.REPOSITORY_UNSUPPORTED, false);
  }

  @Test
  void connectsToWhatVeleroMade() throws Exception {
    Path made = Fixtures.velero(temp.resolve("fixture"));
    Files.createDirectories(folder().getParent());
    Files.move(made, folder());

    Outcome outcome = run("prepare");

    assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
    assertEquals("connected", outcome.report().details().get("repository"));
  }

  @Test
  void makesOneOfManyThatAreAsked() throws Exception {
    for (int round = 0; round < 2; round++) {
      String namespace = "many-" + round;
      List<Callable<TaskReport>> movers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Path report = temp.resolve("report-" + i);
        movers.add(() -> prepare(namespace, report));
      }
      String id = "";
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        for (Future<TaskReport> done : threads.invokeAll(movers)) {
          TaskReport report = done.get();
          boolean busy = report.outcome() == TaskReport.Outcome.FAILED && report.retriable();
          assertTrue(busy || report.outcome() == TaskReport.Outcome.COMPLETED, report.toJson());
          if (!busy) {
            String found = report.details().getOrDefault("uniqueID", "");
            assertTrue(id.isEmpty() || id.equals(found), "two repositories");
            id = found;
          }
        }
      }
      TaskReport last = prepare(namespace, temp.resolve("report-last"));
      assertEquals(TaskReport.Outcome.COMPLETED, last.outcome(), last.toJson());
    }
  }

  private TaskReport prepare(String namespace, Path report) throws IOException {
    try (java.io.PrintStream out =
        new java.io.PrintStream(java.io.OutputStream.nullOutputStream())) {
      var surroundings =
          new dev.longshore.mover.run.Surroundings(
              environment, java.time.Clock.systemUTC(), new SecureRandom(), kube, out, timing);
      int _ =
          new DataMover(surroundings)
              .run(
                  List.of(
                      "prepare",
                      "--repository-namespace=" + namespace,
                      "--password-file=" + temp.resolve("password"),
                      "--report-file=" + report),
                  cancel);
    }
    return TaskReport.parse(Files.readString(report));
  }
}
