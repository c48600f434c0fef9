package dev.longshore.mover;

import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.kube.KubeApi;
import dev.longshore.mover.run.Surroundings;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Movers in this process, on a repository in a folder.
abstract class MoverCase {
  static final String PASSWORD = "static-passw0rd";
  static final String SOURCE = "snapshot-data-upload-download/kopia/shop/pgdata";

  static final List<String> TAGS =
      List.of(
          "--tag=snapshot-requester=snapshot-data-upload-download",
          "--tag=snapshot-uploader=kopia");

  static final Surroundings.Timing QUICK =
      new Surroundings.Timing(
          Duration.ofMillis(5),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofMinutes(5),
          Sleeper.SYSTEM);

  @TempDir Path temp;

  final Map<String, String> environment = new HashMap<>();
  Optional<KubeApi> kube = Optional.empty();
  Surroundings.Timing timing = QUICK;
  SecureRandom random = new SecureRandom();
  CancelToken cancel = new CancelToken();

  /// How a mover ended.
  record Outcome(int status, TaskReport report, String log) {}

  @BeforeEach
  void location() throws IOException {
    Files.writeString(temp.resolve("password"), " " + PASSWORD + "\n");
    at(location(Map.of("fspath", temp.resolve("store").toString()), false));
  }

  void at(StorageLocation location) {
    environment.put(StorageLocation.VARIABLE, location.toJson());
  }

  static StorageLocation location(Map<String, String> config, boolean readOnly) {
    return new StorageLocation("default", "fs", "", "cluster-a", config, "", readOnly);
  }

  /// The folder of the repository.
  Path folder() {
    return temp.resolve("store/cluster-a/kopia/shop");
  }

  /// The options that every task needs.
  List<String> command(String task, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                task,
                TaskOption.REPOSITORY_NAMESPACE + "=shop",
                TaskOption.PASSWORD_FILE,
                temp.resolve("password").toString(),
                TaskOption.CACHE_FOLDER + "=" + temp.resolve("cache"),
                TaskOption.REPORT_FILE + "=" + temp.resolve("report")));
    command.addAll(Arrays.asList(more));
    return command;
  }

  Outcome run(String task, String... more) throws IOException {
    return run(command(task, more));
  }

  Outcome run(List<String> command) throws IOException {
    Files.deleteIfExists(temp.resolve("report"));
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    int status;
    try (PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8)) {
      Surroundings surroundings =
          new Surroundings(environment, Clock.systemUTC(), random, kube, out, timing);
      status = new DataMover(surroundings).run(command, cancel);
    }
    TaskReport report = TaskReport.parse(Files.readString(temp.resolve("report")));
    return new Outcome(status, report, log.toString(StandardCharsets.UTF_8));
  }

  Outcome backup(Path volume, String... more) throws IOException {
    List<String> command = command("backup", "--volume-path=" + volume, "--source-path=" + SOURCE);
    if (Arrays.stream(more).noneMatch(option -> option.startsWith("--tag="))) {
      command.addAll(TAGS);
    }
    command.addAll(Arrays.asList(more));
    return run(command);
  }

  Outcome restore(String id, Path volume, String... more) throws IOException {
    List<String> command = command("restore", "--volume-path=" + volume, "--snapshot=" + id);
    command.addAll(Arrays.asList(more));
    return run(command);
  }

  /// Opens the repository, past the mover.
  Repository open() throws IOException {
    return Repositories.open(
        FilesystemStore.open(FilesystemOptions.of(folder().toString())),
        PASSWORD,
        new ClientOptions(
            "default", "default", false, false, Optional.empty(), false, Duration.ZERO),
        OpenOptions.of(Clock.systemUTC(), new SecureRandom()));
  }

  SnapshotManifest snapshot(String id) throws IOException {
    try (Repository repository = open()) {
      return new SnapshotCatalog(repository.manifests()).load(new ManifestId(id)).orElseThrow();
    }
  }

  List<SnapshotManifest> snapshots() throws IOException {
    try (Repository repository = open()) {
      return new SnapshotCatalog(repository.manifests()).all().snapshots();
    }
  }
}
