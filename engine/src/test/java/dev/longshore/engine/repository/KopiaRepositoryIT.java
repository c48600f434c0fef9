package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Repositories that this engine makes, used by the real Kopia, and taken back. Needs `KOPIA_EXE`.
class KopiaRepositoryIT {
  private static final String PASSWORD = "right pässwörd";
  private static final ClientOptions CLIENT =
      new ClientOptions(
          "node-1", "backup", false, false, Optional.empty(), false, Duration.ofMinutes(15));

  @TempDir Path folder;
  private Path place;

  static Stream<CreateOptions> settings() {
    List<CreateOptions> made = new ArrayList<>();
    CipherAlgorithm[] ciphers = CipherAlgorithm.values();
    int[] ecc = {0, 10, 2, 0, 50};
    HashAlgorithm[] hashes = HashAlgorithm.values();
    for (int i = 0; i < hashes.length; i++) {
      made.add(
          CreateOptions.DEFAULT
              .withAlgorithms(
                  hashes[i].wireName(), ciphers[i % 2].wireName(), "DYNAMIC-128K-BUZHASH")
              .withFormatVersion(3 - i % 3)
              .withEccOverheadPercent(ecc[i % ecc.length])
              .withKeyDerivation(i % 4 == 3 ? "pbkdf2-sha256-600000" : "scrypt-65536-8-1"));
    }
    return made.stream();
  }

  @BeforeEach
  void findKopia() {
    assumeTrue(System.getenv("KOPIA_EXE") != null, "KOPIA_EXE names no Kopia");
    place = folder.resolve("store");
  }

  private FilesystemOptions options() {
    return FilesystemOptions.of(place.toString());
  }

  private Repository open(String password) throws IOException {
    return Repositories.open(
        FilesystemStore.open(options()),
        password,
        CLIENT,
        OpenOptions.of(Clock.systemUTC(), new SecureRandom()));
  }

  private void create(CreateOptions settings) throws IOException {
    List<Integer> shards = settings.formatVersion() == 1 ? List.of(3, 3) : List.of(1, 3);
    try (BlobStore store = FilesystemStore.create(options().withDirShards(shards))) {
      Repositories.create(store, settings, PASSWORD, new SecureRandom());
    }
    try (Repository repository = open(PASSWORD)) {
      RepositoryDefaults.writeGlobalPolicy(repository);
      RepositoryDefaults.writeMaintenanceParameters(repository, "backup@node-1");
    }
  }

  /// Runs Kopia, which must succeed; returns what it printed.
  private byte[] kopia(String password, Path config, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getenv("KOPIA_EXE"));
    command.addAll(List.of(arguments));
    command.add("--config-file=" + config);
    command.add("--log-dir=" + folder.resolve("logs"));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path errors = folder.resolve("errors.txt");
    Path output = folder.resolve("output.bin");
    builder.redirectError(errors.toFile()).redirectOutput(output.toFile());
    builder.environment().put("KOPIA_PASSWORD", password);
    builder.environment().put("KOPIA_CHECK_FOR_UPDATES", "false");
    builder.environment().put("HOME", folder.toString());
    Process process = builder.start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), () -> command + ": " + text(errors));
    return Files.readAllBytes(output);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void connect(String password, Path config) throws Exception {
    kopia(
        password,
        config,
        "repository",
        "connect",
        "filesystem",
        "--path=" + place,
        "--override-username=backup",
        "--override-hostname=node-1",
        "--content-cache-size-mb=0",
        "--metadata-cache-size-mb=0",
        "--no-check-for-updates");
  }

  private static ObjectId write(Repository repository, byte[] data, Optional<Compression> how)
      throws IOException {
    ObjectOptions options =
        new ObjectOptions(
            ContentId.NO_PREFIX, how, Optional.of(Compression.ZSTD_FASTEST), Optional.empty());
    return repository.write(
        WriteOptions.forPurpose("test"),
        writer -> {
          try (ObjectWriter object = writer.objectWriters().open(options)) {
            object.write(data, 0, data.length);
            object.writeZeros(500_000);
            return object.result();
          }
        });
  }

  private static void note(Repository repository, int number) throws IOException {
    byte[] json = ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8);
    ManifestId _ =
        repository.write(
            WriteOptions.forPurpose("test"),
            writer ->
                writer
                    .manifests()
                    .put(Map.of("type", "note", "n", Integer.toString(number)), json));
  }

  private static Set<String> manifestIds(Repository repository) throws IOException {
    Set<String> ids = new TreeSet<>();
    repository.manifests().find(Map.of()).forEach(entry -> ids.add(entry.id().value()));
    return ids;
  }

  private Set<String> kopiaManifestIds(Path config) throws Exception {
    Set<String> ids = new TreeSet<>();
    Json.parse(kopia(PASSWORD, config, "manifest", "list", "--json"))
        .list()
        .forEach(entry -> ids.add(entry.get("id").text()));
    return ids;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void kopiaReadsVerifiesAndMaintainsWhatWeMade(CreateOptions settings) throws Exception {
    create(settings);
    byte[] random = Seeds.bytes(Seeds.generator(1), 600_000);
    byte[] words = Seeds.text(Seeds.generator(2), 700_000);
    ObjectId randomId;
    ObjectId wordsId;
    Set<String> manifests;
    try (Repository repository = open(PASSWORD)) {
      randomId = write(repository, random, Optional.empty());
      wordsId = write(repository, words, Optional.of(Compression.GZIP));
      for (int i = 0; i < 17; i++) {
        note(repository, i); // enough for them to be put together once
      }
      manifests = manifestIds(repository);
      assertEquals(19, manifests.size());
    }
    Path config = folder.resolve("config/repository.config");
    connect(PASSWORD, config);
    Json status = Json.parse(kopia(PASSWORD, config, "repository", "status", "--json"));
    Json format = status.get("contentFormat");
    assertEquals(settings.hash(), format.get("hash").text());
    assertEquals(settings.encryption(), format.get("encryption").text());
    assertEquals(settings.formatVersion(), format.get("version").number());
    assertEquals(
        settings.formatVersion() == 1 ? 0 : settings.eccOverheadPercent(),
        format.number("eccOverheadPercent", 0));
    kopia(PASSWORD, config, "content", "verify", "--full");
    assertEquals(manifests, kopiaManifestIds(config));
    byte[] shown = kopia(PASSWORD, config, "show", randomId.toString());
    assertArrayEquals(java.util.Arrays.copyOf(random, 1_100_000), shown);
    shown = kopia(PASSWORD, config, "show", wordsId.toString());
    assertArrayEquals(java.util.Arrays.copyOf(words, 1_200_000), shown);
    kopia(PASSWORD, config, "maintenance", "run", "--full");
    try (Repository repository = open(PASSWORD)) {
      assertEquals(manifests, manifestIds(repository));
      assertArrayEquals(shown, repository.objects().readAll(wordsId, 1_200_000));
      assertTrue(repository.maintenance().schedule().runs().size() > 2);
      assertEquals(status.get("uniqueIDHex").text(), repository.status().uniqueIdHex());
    }
  }

  @Test
  void eitherSideChangesThePasswordForBoth() throws Exception {
    create(CreateOptions.DEFAULT);
    try (BlobStore store = FilesystemStore.open(options())) {
      RepositoryAdmin.changePassword(store, PASSWORD, "second", new SecureRandom());
    }
    Path config = folder.resolve("config/repository.config");
    connect("second", config);
    kopia("second", config, "repository", "change-password", "--new-password=third");
    assertThrows(WrongPasswordException.class, () -> open("second"));
    open("third").close();
  }

  @Test
  void eitherSideSetsParametersForBoth() throws Exception {
    create(CreateOptions.DEFAULT);
    try (BlobStore store = FilesystemStore.open(options())) {
      ParameterChange change =
          new ParameterChange(
              java.util.OptionalInt.of(33 << 20),
              java.util.OptionalInt.empty(),
              Optional.empty(),
              ParameterChange.Epochs.UNCHANGED);
      assertEquals(
          1, RepositoryAdmin.setParameters(store, PASSWORD, change, new SecureRandom()).size());
    }
    Path config = folder.resolve("config/repository.config");
    connect(PASSWORD, config);
    Json status = Json.parse(kopia(PASSWORD, config, "repository", "status", "--json"));
    assertEquals(33 << 20, status.get("contentFormat").get("maxPackSize").number());
    kopia(PASSWORD, config, "repository", "set-parameters", "--epoch-advance-on-count=77");
    try (Repository repository = open(PASSWORD)) {
      assertEquals(77, repository.format().epochParameters().advanceOnCount());
      assertEquals(33 << 20, repository.format().maxPackSize());
    }
  }

  @Test
  void kopiaUsesTheConnectionThatWeWriteAndWeTheOneItWrites() throws Exception {
    create(CreateOptions.DEFAULT);
    Path own = folder.resolve("own/repository.config");
    new ConnectionFile(
            "filesystem",
            options().toJson(),
            CachingOptions.in(folder.resolve("cache/a")),
            CLIENT,
            Optional.empty())
        .write(own);
    Connections.storePassword(own, PASSWORD);
    kopia("", own, "repository", "status");
    Path theirs = folder.resolve("theirs/repository.config");
    connect(PASSWORD, theirs);
    Connections connections =
        new Connections(new StoreFactories(List.of(new FilesystemStoreFactory())));
    assertEquals(Optional.of(PASSWORD), Connections.storedPassword(theirs));
    try (Repository repository =
        connections.open(theirs, PASSWORD, OpenOptions.of(Clock.systemUTC(), new SecureRandom()))) {
      assertEquals("backup", repository.client().username());
      String before = Files.readString(theirs);
      ConnectionFile.read(theirs).write(theirs);
      assertEquals(before, Files.readString(theirs));
      ReconnectToken token =
          new ReconnectToken("filesystem", options().toJson(), Optional.of(PASSWORD));
      Path third = folder.resolve("third/repository.config");
      kopia("", third, "repository", "connect", "from-config", "--token=" + token.encode());
    }
  }

  @Test
  void kopiaRepairsFromOurPacks() throws Exception {
    create(CreateOptions.DEFAULT.withFormatVersion(1));
    byte[] format;
    try (BlobStore store = FilesystemStore.open(options())) {
      format = store.get(SharedFormat.FORMAT_BLOB);
      store.delete(SharedFormat.FORMAT_BLOB);
      Path config = folder.resolve("config/repository.config");
      kopia(
          PASSWORD,
          config,
          "repository",
          "repair",
          "filesystem",
          "--path=" + place,
          "--dangerous-commands=enabled");
      assertArrayEquals(format, store.get(SharedFormat.FORMAT_BLOB));
    }
  }
}
