package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class RepositoryCommandsTest extends CommandLineCase {
  private Path config() {
    return folder.resolve("home/repository.config");
  }

  @Test
  void statusHasKopiasLinesAndColumns() {
    createRepository();
    String status = repo.run("repository", "status");
    assertMatches(
        """
        Config file:         \\S+repository.config

        Description:         Repository in \\S.*
        Hostname:            host
        Username:            user
        Read-only:           false
        Format blob cache:   15m0s

        Storage type:        filesystem
        Storage capacity:    [0-9.]+ [KMGTP]B
        Storage available:   [0-9.]+ [KMGTP]?B
        Storage config:      \\{
                               "path": "\\S+store",
                               "fileMode": 384,
                               "dirMode": 448,
                               "dirShards": null
                             \\}

        Unique ID:           [0-9a-f]{64}
        Hash:                BLAKE2B-256-128
        Encryption:          AES256-GCM-HMAC-SHA256
        Splitter:            DYNAMIC-4M-BUZHASH
        Format version:      3
        Content compression: true
        Password changes:    true
        Max pack length:     21 MB
        Index Format:        v2

        Epoch Manager:       enabled
        Current Epoch: 0

        Epoch refresh frequency: 20m0s
        Epoch advance on:        20 blobs or 10.5 MB, minimum 24h0m0s
        Epoch cleanup margin:    4h0m0s
        Epoch range-compaction every: 7 epochs
        """,
        status);
    assertEquals(
        withoutFreeSpace(status),
        withoutFreeSpace(repo.run("status")),
        "the short form is the same command");
  }

  /// Others use the disk as well.
  private static String withoutFreeSpace(String status) {
    return status.replaceAll("Storage available:.*", "");
  }

  @Test
  void statusJsonHasKopiasFieldsInKopiasOrder() throws IOException {
    createRepository();
    String json = checkedJson(repo.run("repository", "status", "--json"));
    int last = -1;
    for (String name :
        new String[] {
          "configFile",
          "uniqueIDHex",
          "clientOptions",
          "hostname",
          "username",
          "description",
          "enableActions",
          "formatBlobCacheDuration",
          "storage",
          "type",
          "config",
          "volume",
          "capacity",
          "available",
          "contentFormat",
          "hash",
          "encryption",
          "version",
          "maxPackSize",
          "indexVersion",
          "epochParameters",
          "Enabled",
          "EpochRefreshFrequency",
          "enablePasswordChange",
          "objectFormat",
          "splitter",
          "blobRetention"
        }) {
      int at = json.indexOf("\"" + name + "\":", last);
      assertTrue(at > last, name + " in " + json);
      last = at;
    }
    assertContains("\"formatBlobCacheDuration\":900000000000", json);
    assertFalse(json.contains(PASSWORD));
  }

  @Test
  void formatOneHasNoEpochs() {
    createRepository("--format-version=1");
    String status = repo.run("status");
    assertContains("Index Format:        v1\nEpoch Manager:       disabled\n", status);
    assertContains("Password changes:    false\n", status);
  }

  @Test
  void environmentChoosesAlgorithms() {
    repo.with("KOPIA_HASHING_ALGORITHM", "HMAC-SHA256-128")
        .with("KOPIA_ENCRYPTION_ALGORITHM", "CHACHA20-POLY1305-HMAC-SHA256")
        .with("KOPIA_SPLITTER_ALGORITHM", "FIXED-1M");
    createRepository();
    String status = repo.run("status");
    assertContains("Hash:                HMAC-SHA256-128\n", status);
    assertContains("Encryption:          CHACHA20-POLY1305-HMAC-SHA256\n", status);
    assertContains("Splitter:            FIXED-1M\n", status);
  }

  @Test
  void optionsGoBeforeTheEnvironmentAndUnknownAlgorithmsAreRefused() {
    repo.with("KOPIA_HASHING_ALGORITHM", "NO-SUCH-HASH");
    var outcome = repo.tryRun("repository", "create", "filesystem", "--path=" + store());
    assertEquals(ExitCode.UNSUPPORTED.number(), outcome.status(), outcome.err());
    assertContains("hash NO-SUCH-HASH is not supported", outcome.err());
    createRepository("--block-hash=BLAKE3-256-128");
    assertContains("Hash:                BLAKE3-256-128\n", repo.run("status"));
  }

  @Test
  void createDoesNotTouchAFolderWithData() throws IOException {
    createRepository();
    byte[] before = Files.readAllBytes(store().resolve("kopia.repository.f"));
    OwnRepo other = new OwnRepo(Files.createDirectories(folder.resolve("other")), "x");
    var outcome = other.tryRun("repository", "create", "filesystem", "--path=" + store());
    assertEquals(ExitCode.EXISTS.number(), outcome.status(), outcome.err());
    assertContains("found existing data", outcome.err());
    assertEquals(-1, java.util.Arrays.mismatch(before, formatBlob()));
  }

  private byte[] formatBlob() throws IOException {
    return Files.readAllBytes(store().resolve("kopia.repository.f"));
  }

  @Test
  void disconnectForgetsAndConnectRemembers() throws IOException {
    createRepository();
    assertTrue(Files.exists(config()));
    repo.run("repository", "disconnect");
    assertFalse(Files.exists(config()));
    String err = failsInOneLine(ExitCode.NOT_FOUND, "status");
    assertContains("connect", err);
    repo.connect(store());
    assertContains("Hostname:            host\n", repo.run("status"));
  }

  @Test
  void wrongPasswordFailsWithOneLine() {
    createRepository();
    repo.with("KOPIA_PASSWORD", "not the password");
    failsInOneLine(ExitCode.PASSWORD, "status");
    failsInOneLine(ExitCode.PASSWORD, "connect", "filesystem", "--path=" + store());
    failsInOneLine(ExitCode.PASSWORD, "snapshot", "list");
  }

  @Test
  void passwordIsKeptForItsUserOnlyUnlessToldNotTo() throws IOException {
    createRepository();
    repo.with("KOPIA_PASSWORD", "");
    repo.run("status");
    Path kept = folder.resolve("home/repository.config.kopia-password");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config())));
    repo.run("disconnect");
    assertFalse(Files.exists(kept));
    repo.with("KOPIA_PASSWORD", PASSWORD);
    repo.run("connect", "filesystem", "--path=" + store(), "--no-persist-credentials");
    assertFalse(Files.exists(kept));
    repo.with("KOPIA_PASSWORD", "");
    failsInOneLine(ExitCode.PASSWORD, "status");
  }

  @Test
  void passwordComesFromAFileOrStandardInput() throws IOException {
    createRepository();
    repo.run("disconnect");
    repo.with("KOPIA_PASSWORD", "");
    Path file = Files.writeString(folder.resolve("secret"), PASSWORD + "\nnot this line\n");
    repo.run(
        "connect",
        "filesystem",
        "--path=" + store(),
        "--no-persist-credentials",
        "--password-file=" + file);
    repo.run("status", "--password-file", file.toString());
    var in = new ByteArrayInputStream(PASSWORD.getBytes(StandardCharsets.UTF_8));
    var outcome = repo.tryRun(in, "status", "--password-file=-");
    assertEquals(0, outcome.status(), outcome.err());
    failsInOneLine(ExitCode.FAILED, "status", "--password-file=" + folder.resolve("absent"));
  }

  @Test
  void newPasswordReplacesTheOld() throws IOException {
    createRepository();
    repo.run("repository", "change-password", "--new-password=another one");
    failsInOneLine(ExitCode.PASSWORD, "status");
    repo.with("KOPIA_PASSWORD", "another one");
    repo.run("status");
    repo.with("KOPIA_PASSWORD", "");
    repo.run("status");
    OwnRepo old = new OwnRepo(Files.createDirectories(folder.resolve("old")), PASSWORD);
    var outcome = old.tryRun("connect", "filesystem", "--path=" + store());
    assertEquals(ExitCode.PASSWORD.number(), outcome.status(), outcome.err());
  }

  @Test
  void parametersChangeAndNonsenseIsRefused() {
    createRepository();
    repo.run("repository", "set-parameters", "--max-pack-size-mb=40");
    String status = parameters();
    assertContains("Max pack length:     41.9 MB\n", status);
    fails(ExitCode.USAGE, "repository", "set-parameters");
    fails(ExitCode.USAGE, "repository", "set-parameters", "--max-pack-size-mb=1");
    fails(ExitCode.USAGE, "repository", "set-parameters", "--max-pack-size-mb=x");
    fails(ExitCode.USAGE, "repository", "set-parameters", "--index-version=1");
    fails(ExitCode.USAGE, "repository", "set-parameters", "--epoch-min-duration=soon");
    fails(ExitCode.USAGE, "repository", "set-parameters", "--max-pack-size-mb=2000000000");
    repo.run("repository", "set-parameters", "--max-pack-size-mb=40");
    assertEquals(status, parameters(), "a refused change changes nothing");
  }

  /// The status without the free space, which other programs change.
  private String parameters() {
    return repo.run("status").replaceAll("Storage available: .*", "");
  }

  @Test
  void readOnlyConnectionWritesNothing() throws IOException {
    createRepository();
    Files.createDirectories(tree());
    repo.run("connect", "filesystem", "--path=" + store(), "--readonly");
    assertContains("Read-only:           true\n", repo.run("status"));
    assertEquals(7, repo.tryRun("snapshot", "create", tree().toString()).status());
    fails(ExitCode.UNSUPPORTED, "repository", "set-parameters", "--max-pack-size-mb=40");
    fails(ExitCode.UNSUPPORTED, "policy", "set", "--global", "--keep-latest=3");
  }

  @Test
  void tokenMakesTheConnectionAgain() {
    createRepository();
    String status = repo.run("status", "-t", "-s");
    String token = status.substring(status.indexOf("--token ") + 8).split("\\s", 2)[0];
    repo.run("disconnect");
    repo.with("KOPIA_PASSWORD", "");
    repo.run("connect", "from-config", "--token", token);
    repo.run("status");
    fails(ExitCode.USAGE, "connect", "from-config", "--token", "!not a token!");
  }
}
