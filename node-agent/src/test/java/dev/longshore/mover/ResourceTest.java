package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.SampleTree;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import dev.longshore.kube.server.Generation;
import dev.longshore.kube.server.Verb;
import dev.longshore.mover.run.MovedResource;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverOptions;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceTest extends MoverCase {
  private static final Resource UPLOADS =
      new Resource("velero.io", "v2alpha1", "datauploads", "DataUpload", true);

  private final ApiServer server =
      ApiServer.withVelero(Generation.NEW, InstantSource.system(), new Random(1));

  private Path volume;
  private KubeObject upload = new KubeObject(Json.Obj.EMPTY);

  @BeforeEach
  void prepare() throws IOException {
    volume = temp.resolve("volume");
    SampleTree.make(volume, 1, 5 << 20);
    assertEquals(DataMover.COMPLETED, run("prepare").status());
    kube = Optional.of(server);
    upload =
        server.create(
            UPLOADS,
            KubeObject.of(UPLOADS, "velero", "du-1")
                .with("CSI", "spec", "snapshotType")
                .with("pgdata", "spec", "sourcePVC")
                .with("shop", "spec", "sourceNamespace")
                .with("default", "spec", "backupStorageLocation")
                .with("10m0s", "spec", "operationTimeout"));
    environment.put("NODE_NAME", "worker-3");
  }

  private void phase(String phase) throws IOException {
    upload = server.replace(UPLOADS, upload.with(phase, "status", "phase"));
  }

  private Outcome move() throws IOException {
    return backup(
        volume,
        "--resource=datauploads",
        "--resource-namespace=velero",
        "--resource-name=du-1",
        "--resource-uid=" + upload.uid());
  }

  private List<String> reasons() {
    return server.all(Resource.EVENTS).stream()
        .sorted(Comparator.comparingLong(event -> Long.parseLong(event.resourceVersion())))
        .map(event -> event.text("reason"))
        .toList();
  }

  @Test
  void tellsOfItsWork() throws Exception {
    phase("InProgress");
    Outcome outcome = move();

    assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
    List<String> reasons = reasons();
    assertEquals("Data-Path-Started", reasons.getFirst());
    assertEquals("Data-Path-Stopped", reasons.getLast());
    assertTrue(reasons.contains("Data-Path-Progress"));
    for (KubeObject event : server.all(Resource.EVENTS)) {
      assertEquals("DataUpload", event.text("involvedObject", "kind"));
      assertEquals("velero.io/v2alpha1", event.text("involvedObject", "apiVersion"));
      assertEquals(upload.uid(), event.text("involvedObject", "uid"));
      assertEquals("data-mover", event.text("source", "component"));
      assertEquals("worker-3", event.text("source", "host"));
      if (event.text("reason").equals("Data-Path-Completed")) {
        TaskReport told = TaskReport.parse(event.text("message"));
        assertEquals(outcome.report(), told);
      }
      if (event.text("reason").equals("Data-Path-Progress")) {
        assertTrue(
            event.text("message").matches("\\{\"totalBytes\":\\d+,\"doneBytes\":\\d+}"),
            event.text("message"));
      }
    }
  }

  @Test
  void waitsUntilItMayBegin() throws Exception {
    phase("Accepted");
    server.faults().on(request -> request.verb() == Verb.GET).at(3).before(Faults.unavailable());
    Thread controller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                Thread.sleep(150);
                phase("Prepared");
                Thread.sleep(50);
                phase("InProgress");
              } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
              }
            });
    Outcome outcome = move();
    controller.join();

    assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
    assertTrue(outcome.log().contains("the phase is Accepted"), outcome.log());
  }

  @Test
  void doesNotBeginWhatIsCanceledOrOver() throws Exception {
    upload = server.replace(UPLOADS, upload.with(true, "spec", "cancel"));
    assertEquals(DataMover.CANCELED, move().status());
    assertFalse(reasons().contains("Data-Path-Started"));
    assertTrue(reasons().contains("Data-Path-Canceled"));

    upload = server.replace(UPLOADS, upload.with(false, "spec", "cancel"));
    phase("Failed");
    assertEquals(DataMover.CANCELED, move().status());

    server.delete(UPLOADS, "velero", "du-1", DeleteOptions.DEFAULT);
    assertEquals(DataMover.CANCELED, move().status());
  }

  @Test
  void seesTheWishToStopThoughItMissedTheChange() throws Exception {
    // The one look before it begins shows nothing; all that follow show the wish.
    phase("InProgress");
    timing =
        new dev.longshore.mover.run.Surroundings.Timing(
            timing.phase(),
            Duration.ofMillis(1),
            timing.progress(),
            timing.checkpoint(),
            timing.sleeper());
    random =
        new java.security.SecureRandom() {
          private static final long serialVersionUID = 1;

          /// Slow enough for the looks in between.
          @Override
          public void nextBytes(byte[] bytes) {
            try {
              if (!upload.flag("spec", "cancel")) {
                upload = server.replace(UPLOADS, upload.with(true, "spec", "cancel"));
              }
              for (int i = 0; i < 2000 && !cancel.isCancelled(); i++) {
                Thread.sleep(1);
              }
            } catch (InterruptedException | IOException e) {
              throw new IllegalStateException(e);
            }
            super.nextBytes(bytes);
          }
        };
    Outcome outcome = move();

    assertEquals(DataMover.CANCELED, outcome.status(), outcome.log());
    assertEquals("Data-Path-Stopped", reasons().getLast());
  }

  @Test
  void goesOnWithoutEvents() throws Exception {
    phase("InProgress");
    server
        .faults()
        .on(request -> request.verb() == Verb.CREATE)
        .always()
        .before(Faults.forbidden());

    assertEquals(DataMover.COMPLETED, move().status());
    assertEquals(List.of(), reasons());
  }

  @Test
  void tellsOfAFailure() throws Exception {
    phase("InProgress");
    Outcome outcome =
        backup(
            temp.resolve("none"),
            "--resource=datauploads",
            "--resource-namespace=velero",
            "--resource-name=du-1");

    assertEquals(DataMover.FAILED, outcome.status());
    assertTrue(reasons().contains("Data-Path-Failed"));
  }

  @Test
  void knowsVelerosResources() throws MoverFailure {
    for (String plural :
        List.of("datauploads", "datadownloads", "podvolumebackups", "podvolumerestores")) {
      MoverOptions options =
          MoverOptions.parse(
              List.of(
                  "backup",
                  "--resource=" + plural,
                  "--resource-namespace=velero",
                  "--resource-name=n"));
      Resource resource = MovedResource.of(options).orElseThrow().resource();
      assertTrue(server.all(resource).size() <= 1, plural);
    }
  }

  @Test
  void logsAsVeleroDoes() throws Exception {
    phase("InProgress");
    Outcome text = move();
    Outcome json =
        backup(
            volume,
            "--log-format=json",
            "--resource=datauploads",
            "--resource-namespace=velero",
            "--resource-name=du-1");

    assertTrue(
        text.log()
            .lines()
            .allMatch(
                line -> line.matches("time=\"[^\"]+Z\" level=[a-z]+ msg=.* logSource=\\S+ .*")),
        text.log());
    for (String line : json.log().lines().toList()) {
      KubeObject parsed = new KubeObject(dev.longshore.kube.JsonCodec.parseObject(line));
      assertEquals("dataupload", parsed.text("controller"));
      assertEquals("velero/du-1", parsed.text("dataupload"));
      assertFalse(parsed.text("time").isEmpty() || parsed.text("msg").isEmpty());
    }
    String last = json.log().lines().toList().getLast();
    assertTrue(last.contains("report {"), last);
  }
}
