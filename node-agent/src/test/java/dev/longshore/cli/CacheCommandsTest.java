package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.FaultyS3;
import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The client's cache before a store behind a network: requests that are saved, bytes that are
/// right.
class CacheCommandsTest extends CommandLineCase {
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private FaultyS3 server;
  private int restores;

  @BeforeEach
  void startServer() throws IOException {
    server = new FaultyS3();
    server.plan((method, key, headers) -> {
      requests.add(method + " " + key);
      return FaultyS3.Fault.NONE;
    });
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private void create(String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "repository",
                "create",
                "s3",
                "--bucket=bucket",
                "--endpoint=" + server.address(),
                "--disable-tls",
                "--access-key=key",
                "--secret-access-key=secret",
                "--override-hostname=host",
                "--override-username=user",
                "--max-list-cache-duration=10m"));
    command.addAll(List.of(more));
    repo.run(command.toArray(String[]::new));
  }

  private Path cache() {
    return folder.resolve("home/cache");
  }

  /// Restores the tree and looks whether it is what it was.
  private void restore() throws IOException {
    requests.clear();
    Path to = folder.resolve("restored" + restores++);
    repo.run("restore", tree().toString(), to.toString());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(to));
  }

  /// Requests that tell or fetch what a cache may hold.
  private List<String> saveable() {
    return requests.stream()
        .filter(request -> request.startsWith("GET ") || request.startsWith("HEAD "))
        .filter(request -> !request.contains("kopia."))
        .toList();
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.walk(cache())) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void theSecondRestoreAsksForNothingThatTheFirstHasRead() throws IOException {
    create();
    SampleTree.make(tree(), 5, 12 << 20);
    snapshot();
    restore();
    assertTrue(saveable().stream().anyMatch(request -> request.startsWith("GET p")));
    restore();
    assertEquals(List.of(), saveable(), "neither data, metadata nor lists");
    repo.run("cache", "clear", "--partial=contents");
    restore();
    assertTrue(saveable().stream().allMatch(request -> request.startsWith("GET p")));
    assertNotEquals(List.of(), saveable());
  }

  @Test
  void damageInTheCacheIsFetchedAnew() throws IOException {
    create();
    SampleTree.make(tree(), 6, 6 << 20);
    snapshot();
    for (int round = 0; round < 4; round++) {
      restore();
      for (Path file : cached()) {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0) {
          continue;
        }
        switch (round) {
          case 0 -> bytes[0] ^= 1;
          case 1 -> bytes[bytes.length - 1] ^= 64;
          case 2 -> bytes[bytes.length / 2] ^= 8;
          default -> bytes = new byte[bytes.length / 2];
        }
        Files.write(file, bytes);
      }
    }
    restore();
  }

  @Test
  void verificationReadsTheStoreItself() throws IOException {
    create();
    SampleTree.make(tree(), 7, 1 << 20);
    snapshot();
    restore();
    requests.clear();
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    assertTrue(saveable().stream().anyMatch(request -> request.startsWith("GET p")));
    assertTrue(saveable().stream().anyMatch(request -> request.startsWith("GET q")));
    requests.clear();
    repo.run("content", "verify", "--full");
    assertTrue(saveable().stream().anyMatch(request -> request.startsWith("GET p")));
  }

  @Test
  void whatThisClientWroteIsSeenAtOnceWhateverIsCached() throws IOException {
    create();
    SampleTree.make(tree(), 8, 1 << 16);
    for (int i = 1; i <= 3; i++) {
      repo.run("snapshot", "list");
      snapshot();
      assertEquals(i, repo.run("snapshot", "list", "--json").split("\"id\":", -1).length - 1);
    }
  }

  @Test
  void whatIsPrefetchedNeedsNoFurtherRequest() throws IOException {
    create();
    Files.createDirectories(tree());
    byte[] bytes = new byte[9_000_000];
    new SplittableRandom(1).nextBytes(bytes);
    Files.write(tree().resolve("file"), bytes);
    Created created = snapshot();
    for (String hint : List.of("default", "contents", "blobs")) {
      repo.run("cache", "clear");
      OwnRepo.Outcome fetched =
          repo.tryRun("cache", "prefetch", "--hint=" + hint, created.root() + "/file");
      assertEquals(0, fetched.status(), fetched.err());
      assertMatches(".*prefetched \\d+ contents\n", fetched.err());
      requests.clear();
      repo.run("show", created.root() + "/file");
      assertEquals(List.of(), saveable(), hint);
    }
    repo.run("cache", "clear");
    OwnRepo.Outcome synced = repo.tryRun("cache", "sync");
    assertMatches("synchronized [1-9]\\d* packs of metadata\n", synced.err());
    requests.clear();
    repo.run("ls", "-l", "-r", created.root());
    assertEquals(List.of(), saveable());
    fails(ExitCode.USAGE, "cache", "prefetch", "--hint=some", created.root());
  }

  @Test
  void hardLimitsHold() throws IOException {
    create("--content-cache-size-mb=1", "--content-cache-size-limit-mb=2");
    SampleTree.make(tree(), 9, 12 << 20);
    snapshot();
    restore();
    restore();
    long bytes = 0;
    for (Path file : cached()) {
      if (file.startsWith(cache().resolve("longshore-contents"))) {
        bytes += (Files.size(file) + 4095) / 4096 * 4096;
      }
    }
    assertTrue(bytes <= 2 << 20, "bytes: " + bytes);
  }

  @Test
  void aCacheThatCannotBeWrittenIsDoneWithout() throws IOException {
    create();
    SampleTree.make(tree(), 10, 1 << 20);
    snapshot();
    repo.run("cache", "clear");
    Files.createDirectories(cache());
    for (String name : List.of("longshore-contents", "longshore-metadata", "longshore-lists")) {
      Files.writeString(cache().resolve(name), "in the way");
    }
    requests.clear();
    Path to = folder.resolve("without");
    OwnRepo.Outcome outcome = repo.tryRun("restore", tree().toString(), to.toString());
    assertEquals(0, outcome.status(), outcome.err());
    assertContains("cannot be written", outcome.err());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(to));
  }

  @Test
  void nothingIsKeptOfAStoreOnThisMachine() throws IOException {
    createRepository();
    SampleTree.make(tree(), 11, 1 << 20);
    snapshot();
    restore();
    assertFalse(Files.exists(cache().resolve("longshore-contents")));
    assertFalse(Files.exists(cache().resolve("longshore-metadata")));
    assertContains("store is local", repo.tryRun("cache", "sync").err());
  }

  @Test
  void infoTellsLimitsInKopiasWords() throws IOException {
    create();
    repo.run(
        "cache",
        "set",
        "--content-cache-size-mb=33",
        "--content-cache-size-limit-mb=331",
        "--metadata-cache-size-mb=44",
        "--metadata-cache-size-limit-mb=441",
        "--metadata-min-sweep-age=36h",
        "--max-list-cache-duration=55s");
    for (String name : List.of("contents", "metadata", "blob-list", "longshore-contents")) {
      Files.createDirectories(cache().resolve(name));
    }
    String info = repo.run("cache", "info");
    for (String name : List.of("contents", "longshore-contents")) {
      assertContains(
          cache().resolve(name)
              + ": 0 files 0 B (soft limit: 33 MB, hard limit: 331 MB, min sweep age: 10m0s)\n",
          info);
    }
    assertMatches(
        ".*/metadata: 0 files 0 B \\(soft limit: 44 MB, hard limit: 441 MB, min sweep age:"
            + " 36h0m0s\\)\n.*",
        info);
    assertContains("blob-list: 0 files 0 B (duration: 55s)\n", info);
    String json = checkedJson(repo.run("cache", "info", "--json"));
    assertContains("\"cacheDirectory\":\"" + cache() + "\"", json);
    assertContains("\"softLimitBytes\":33000000,\"hardLimitBytes\":331000000", json);
  }

  @Test
  void setWritesTheConnectionAndKeepsTheRest() throws IOException {
    create();
    Path config = folder.resolve("home/repository.config");
    String before = Files.readString(config);
    fails(ExitCode.USAGE, "cache", "set");
    fails(ExitCode.USAGE, "cache", "set", "--content-cache-size-mb=-1");
    fails(ExitCode.USAGE, "cache", "set", "--content-min-sweep-age=soon");
    assertEquals(before, Files.readString(config));
    Path other = folder.resolve("other cache");
    repo.run(
        "cache",
        "set",
        "--cache-directory=" + other,
        "--content-min-sweep-age=5m",
        "--index-min-sweep-age=2h");
    assertEquals(other.toString(), repo.run("cache", "info", "--path").strip());
    String after = Files.readString(config);
    assertContains("\"minContentSweepAge\": 300", after);
    assertContains("\"minIndexSweepAge\": 7200", after);
    assertContains("\"maxCacheSize\": 5242880000", after);
    repo.run("cache", "set", "--content-cache-size-mb=0");
    assertContains("\"caching\": {}", Files.readString(config));
    fails(ExitCode.NOT_FOUND, "cache", "info");
    repo.run("status");
    repo.run("cache", "set", "--content-cache-size-mb=10", "--metadata-cache-size-mb=10");
    assertContains(".cache/kopia/", repo.run("cache", "info", "--path"));
  }

  @Test
  void partsAreClearedByKopiasNames() throws IOException {
    create();
    for (String name :
        List.of("contents", "longshore-contents", "metadata", "longshore-metadata")) {
      Files.createDirectories(cache().resolve(name));
      Files.writeString(cache().resolve(name).resolve("file"), "x");
    }
    repo.run("cache", "clear", "--partial=contents");
    assertFalse(Files.exists(cache().resolve("contents/file")));
    assertFalse(Files.exists(cache().resolve("longshore-contents/file")));
    assertTrue(Files.exists(cache().resolve("metadata/file")));
    repo.run("cache", "clear", "--partial=metadata");
    assertFalse(Files.exists(cache().resolve("longshore-metadata/file")));
    fails(ExitCode.USAGE, "cache", "clear", "--partial=all");
  }
}
