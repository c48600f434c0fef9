package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.ConfigReader;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.Furniture;
import dev.longshore.agent.world.mover.RealMover;
import dev.longshore.cbt.MetadataAnswer;
import dev.longshore.cbt.MetadataQuery;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.DataMover;
import dev.longshore.mover.run.Surroundings;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskEvent;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Block volumes: the real mover, on image files, with the storage's own lists of changes.
class BlockTransferTest {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 16 * MIB;
  private static final Duration CLEAN = Duration.ofMinutes(10);

  @TempDir private Path folder;
  private Shop shop;

  @BeforeEach
  void open() throws Exception {
    shop = shop("{}");
  }

  private Shop shop(String settings) throws Exception {
    AgentConfig config = ConfigReader.read(JsonCodec.parseObject(settings));
    Path place = Files.createTempDirectory(folder, "cluster");
    Shop made =
        new Shop(Cluster.Options.of(7).in(place), config, new Ownership("longshore", false));
    this.shop = made;
    made.allowTokens();
    made.cluster().programs().addForWord("data-mover", RealMover.program());
    made.addAgent("agent-1");
    made.addClaim(
        Furniture.claim(Shop.NAMESPACE, "data", "fast", "16Mi")
            .with("Block", "spec", "volumeMode"));
    makeRepository(place);
    write(0, 3 * MIB);
    write(9 * MIB + 17, 100);
    write(SIZE - 1000, 1000);
    return made;
  }

  private Path place() throws KubeException {
    return image(Shop.NAMESPACE).resolve("../../..").normalize();
  }

  private void makeRepository(Path place) throws Exception {
    Path password = place.resolve("password");
    Files.writeString(password, "a password");
    KubeObject location =
        shop.cluster().server().get(Velero.STORAGE_LOCATIONS, Shop.VELERO, "default");
    Surroundings surroundings =
        new Surroundings(
            Map.of(StorageLocation.VARIABLE, StorageLocation.of(location).toJson()),
            shop.cluster().clock(),
            new SeededRandom(1),
            Optional.empty(),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            Surroundings.Timing.DEFAULT);
    int status =
        new DataMover(surroundings)
            .run(
                List.of(
                    "prepare",
                    TaskOption.REPOSITORY_NAMESPACE + "=" + Shop.NAMESPACE,
                    TaskOption.PASSWORD_FILE + "=" + password,
                    TaskOption.FULL_MAINTENANCE_SECONDS + "=86400"),
                new CancelToken());
    assertEquals(DataMover.COMPLETED, status);
  }

  private Path image(String namespace) throws KubeException {
    return shop.cluster().volume(namespace, "data");
  }

  private void write(long offset, long length) throws IOException {
    byte[] data = new byte[(int) length];
    new SplittableRandom(offset * 31 + length).nextBytes(data);
    try (RandomAccessFile file = new RandomAccessFile(image(Shop.NAMESPACE).toFile(), "rw")) {
      file.seek(offset);
      file.write(data);
    }
  }

  private KubeObject backUp(String name) throws KubeException {
    assertEquals("Completed", shop.backUpToTheEnd(name), () -> Shop.text(shop.uploads()));
    return shop.uploads().stream()
        .filter(one -> one.label(Velero.BACKUP_NAME_LABEL).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void restoresExactly(String backup, String into) throws Exception {
    Path before = Files.copy(image(Shop.NAMESPACE), folder.resolve(into));
    shop.restore("restore-" + backup, backup, into);
    int count = shop.downloads().size() + 1;
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), count), Duration.ofHours(1)),
        () -> Shop.text(shop.downloads()));
    for (KubeObject download : shop.downloads()) {
      assertEquals("Completed", Shop.phase(download), () -> Shop.text(download));
    }
    assertTrue(shop.isBound(into, "data"));
    assertEquals(-1, Files.mismatch(before, image(into)));
  }

  private static String result(KubeObject upload, String key) {
    return upload.text("status", "dataMoverResult", key);
  }

  @Test
  void onlyWhatHasChangedIsMovedAndRestoresAreExact() throws Exception {
    try (StorageMetadata metadata = new StorageMetadata(shop.cluster(), place(), false)) {
      KubeObject first = backUp("one");
      assertEquals("allocated", result(first, "changeMode"));
      assertEquals("", result(first, "changeCode"));
      assertEquals(SIZE, first.number("status", "progress", "totalBytes"));
      restoresExactly("one", "copy-1");

      write(5 * MIB + 5, 10);
      write(9 * MIB, MIB);
      KubeObject second = backUp("two");
      assertEquals("delta", result(second, "changeMode"), () -> Shop.text(second));
      assertEquals("", second.text("status", "message"));
      assertEquals(2 * MIB, second.number("status", "incrementalBytes"));
      restoresExactly("two", "copy-2");

      KubeObject third = backUp("three");
      assertEquals("delta", result(third, "changeMode"));
      assertEquals(0, third.number("status", "incrementalBytes"));
      restoresExactly("three", "copy-3");
      assertEquals(3, metadata.asked().size(), () -> metadata.asked().toString());
      assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
    }
  }

  @Test
  void eachStepDownIsRecordedAndHarmless() throws Exception {
    try (StorageMetadata metadata = new StorageMetadata(shop.cluster(), place(), false)) {
      backUp("one");
      write(6 * MIB, 20);
      metadata.trouble(query ->
          query instanceof MetadataQuery.Delta
              ? Optional.of(MetadataAnswer.failure("NOT_FOUND", "the base is gone"))
              : Optional.empty());
      KubeObject second = backUp("two");
      assertEquals("allocated", result(second, "changeMode"));
      assertEquals("NOT_FOUND", result(second, "changeCode"));
      assertTrue(
          second.text("status", "message").contains("the base is gone"), () -> Shop.text(second));
      assertTrue(
          shop.cluster().server().all(Resource.EVENTS).stream()
              .anyMatch(event ->
                  event.text("reason").equals(TaskEvent.CHANGE_TRACKING)
                      && event.text("message").contains("(NOT_FOUND)")));
      restoresExactly("two", "copy-2");

      write(7 * MIB, 20);
      metadata.trouble(_ -> Optional.of(MetadataAnswer.failure("PERMISSION_DENIED", "no")));
      KubeObject third = backUp("three");
      assertEquals("hash-compare", result(third, "changeMode"));
      assertEquals("PERMISSION_DENIED", result(third, "changeCode"));
      assertEquals(MIB, third.number("status", "incrementalBytes"));
      restoresExactly("three", "copy-3");
    }
  }

  @Test
  void withoutAServiceThatIsTheReason() throws Exception {
    KubeObject first = backUp("one");
    assertEquals("full", result(first, "changeMode"));
    assertTrue(
        result(first, "changeReason").contains("has no SnapshotMetadataService"),
        () -> Shop.text(first));
    write(MIB, 5);
    KubeObject second = backUp("two");
    assertEquals("hash-compare", result(second, "changeMode"));
    assertEquals(MIB, second.number("status", "incrementalBytes"));
    restoresExactly("two", "copy");
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @Test
  void theBaseIsKeptForDriversThatNeedItAndGoesWithItsChild() throws Exception {
    shop("{\"longshore\":{\"retainBaseSnapshots\":[\"" + Cluster.DRIVER + "\"]}}");
    try (StorageMetadata metadata = new StorageMetadata(shop.cluster(), place(), true)) {
      backUp("one");
      String base = base();
      write(5 * MIB, 10);
      KubeObject second = backUp("two");
      assertEquals("delta", result(second, "changeMode"), () -> metadata.asked().toString());
      String next = base();
      assertNotEquals(base, next);
      assertTrue(
          shop.cluster().runUntil(() -> shop.cluster().disks().snapshots().size() == 1, CLEAN),
          () -> shop.cluster().disks().snapshots().toString());
    }
  }

  /// The name of the one snapshot that is kept, with the labels by which it is known.
  private String base() {
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    shop.cluster().server().all(Resource.VOLUME_SNAPSHOTS).size() == 1
                        && !kept().label(Names.BASE_OF_LABEL).isEmpty(),
                CLEAN),
        () -> Shop.text(shop.cluster().server().all(Resource.VOLUME_SNAPSHOTS)));
    assertEquals("shop.data", kept().label(Names.BASE_OF_LABEL));
    assertEquals("", kept().label(Names.OWNER_UID_LABEL));
    return kept().name();
  }

  private KubeObject kept() {
    return shop.cluster().server().all(Resource.VOLUME_SNAPSHOTS).getFirst();
  }

  @Test
  void asAFileWhereThatIsWanted() throws Exception {
    shop("{\"longshore\":{\"blockVolumes\":\"file\"}}");
    KubeObject first = backUp("one");
    assertEquals(Json.Obj.EMPTY, first.object("status", "dataMoverResult"));
    restoresExactly("one", "copy");
  }
}
