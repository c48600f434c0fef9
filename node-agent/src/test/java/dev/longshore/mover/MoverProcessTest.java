package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The real program in a process of its own.
class MoverProcessTest extends MoverCase {
  private static final int FILE = 16 << 20;
  private static final int FILES = 16;
  private static final long PATIENCE_SECONDS = 120;

  private Path volume;
  private Path log;

  @BeforeEach
  void prepare() throws IOException {
    volume = Files.createDirectory(temp.resolve("volume"));
    log = temp.resolve("log");
    SplittableRandom random = new SplittableRandom(1);
    byte[] bytes = new byte[FILE];
    for (int i = 0; i < FILES; i++) {
      random.nextBytes(bytes);
      try (OutputStream out = Files.newOutputStream(volume.resolve("file-" + i))) {
        out.write(bytes);
      }
    }
    assertEquals(DataMover.COMPLETED, run("prepare").status());
  }

  private Process start(String... more) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.longshore.mover.DataMover"));
    line.addAll(command("backup", "--volume-path=" + volume, "--source-path=" + SOURCE));
    line.addAll(TAGS);
    line.addAll(List.of(more));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder
        .environment()
        .put(StorageLocation.VARIABLE, environment.getOrDefault(StorageLocation.VARIABLE, ""));
    builder.environment().put("LONGSHORE_CHECKPOINT_SECONDS", "1");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static void await(Process process, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive() && !condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
  }

  private boolean hasPack() {
    try (Stream<Path> files = Files.walk(folder().resolve("p"))) {
      return files.anyMatch(Files::isRegularFile);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  private boolean hasSaid(String words) {
    try {
      return Files.readString(log).contains(words);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void endsInOrderWhenItIsTerminated() throws Exception {
    Process process = start();
    await(process, this::hasPack);
    process.destroy();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));

    assertEquals(DataMover.CANCELED, process.exitValue(), Files.readString(log));
    TaskReport report = TaskReport.parse(Files.readString(temp.resolve("report")));
    assertEquals(TaskReport.Outcome.CANCELED, report.outcome());
    TaskReport next = backup(volume).report();
    assertEquals(TaskReport.Outcome.COMPLETED, next.outcome(), next.toJson());
    assertTrue(next.details().containsKey("resumedFrom"), next.toJson());
  }

  @Test
  void goesOnFromItsCheckpointWhenItWasKilled() throws Exception {
    Process process = start();
    await(process, () -> hasSaid("saved a checkpoint"));
    process.destroyForcibly();
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertNotEquals(DataMover.COMPLETED, process.exitValue(), "it was too quick");

    TaskReport next = backup(volume).report();

    assertEquals(TaskReport.Outcome.COMPLETED, next.outcome(), next.toJson());
    assertEquals((long) FILES * FILE, next.totalBytes());
    assertEquals((long) FILES * FILE, next.incrementalBytes());
    assertTrue(next.details().containsKey("resumedFrom"), next.toJson());
    long uploaded = Long.parseLong(next.details().getOrDefault("uploadedBytes", "0"));
    assertTrue(uploaded <= (long) (FILES - 1) * FILE, uploaded + " bytes");
  }

  @Test
  void reportsOptionsThatMakeNoSense() throws Exception {
    Process process = start("--no-such-option=1");
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals(DataMover.USAGE, process.exitValue());
  }
}
