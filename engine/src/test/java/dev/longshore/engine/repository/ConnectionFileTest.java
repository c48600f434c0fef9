package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.cache.CacheDirectory;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionFileTest {
  /// As kopia 4ebb2be6c writes it, but for the paths.
  private static final String KOPIA =
      """
      {
        "storage": {
          "type": "filesystem",
          "config": {
            "path": "/r",
            "fileMode": 384,
            "dirMode": 448,
            "dirShards": null
          }
        },
        "caching": {
          "cacheDirectory": "../cache/def",
          "maxCacheSize": 5242880000,
          "maxMetadataCacheSize": 5242880000,
          "maxListCacheDuration": 30
        },
        "hostname": "vm",
        "username": "root",
        "description": "Repository in Filesystem: /r",
        "enableActions": false,
        "formatBlobCacheDuration": 900000000000
      }\
      """;

  @TempDir Path folder;

  private static final StoreFactories STORES =
      new StoreFactories(List.of(new FilesystemStoreFactory()));

  private static OpenOptions options() {
    return OpenOptions.of(FakeClock.of2026(), new SeededRandom(1));
  }

  private Path write(String json) throws Exception {
    Path file = folder.resolve("config/repository.config");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
    return file;
  }

  @Test
  void readsAndWritesKopiasFileByteForByte() throws Exception {
    Path file = write(KOPIA);
    ConnectionFile connection = ConnectionFile.read(file);
    assertEquals("filesystem", connection.storageType());
    assertEquals(
        "{\"path\":\"/r\",\"fileMode\":384,\"dirMode\":448,\"dirShards\":null}",
        connection.storageConfigJson());
    assertEquals(Optional.of(folder.resolve("cache/def")), connection.caching().directory());
    assertEquals(Duration.ofSeconds(30), connection.caching().maxListCacheDuration());
    assertEquals(5000L << 20, connection.caching().maxCacheSizeBytes());
    assertEquals("vm", connection.client().hostname());
    assertFalse(connection.client().readOnly());
    assertEquals(Duration.ofMinutes(15), connection.client().formatBlobCacheDuration());
    connection.write(file);
    assertEquals(KOPIA, Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count(), "no temporary file stays");
    }
  }

  @Test
  void keepsEveryOtherField() throws Exception {
    String json =
        """
        {
          "storage": {
            "type": "s3",
            "config": {
              "bucket": "b",
              "secretAccessKey": "x"
            }
          },
          "caching": {},
          "hostname": "h",
          "username": "u",
          "readonly": true,
          "permissiveCacheLoading": true,
          "enableActions": true,
          "formatBlobCacheDuration": -1,
          "throttlingLimits": {
            "readsPerSecond": 2.5,
            "concurrentReads": 3
          }
        }\
        """;
    Path file = write(json);
    ConnectionFile connection = ConnectionFile.read(file);
    assertEquals(CachingOptions.OFF, connection.caching());
    assertTrue(connection.client().formatBlobCacheDuration().isNegative());
    connection.write(file);
    assertEquals(json, Files.readString(file));
    assertFalse(connection.toString().contains("secret"));
    UnsupportedException refused =
        assertThrows(
            UnsupportedException.class,
            () -> new Connections(STORES).open(file, "password", options()));
    assertTrue(refused.toString().contains("s3"), refused.toString());
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    assertThrows(NotFoundException.class, () -> ConnectionFile.read(folder.resolve("missing")));
    for (String bad :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            "{\"storage\":{}}",
            "{\"storage\":3}",
            "{\"storage\":{\"type\":\"a\"},\"caching\":{\"maxListCacheDuration\":-1}}")) {
      Path file = write(bad);
      assertThrows(DamagedException.class, () -> ConnectionFile.read(file), bad);
    }
    Path server = write("{\"apiServer\":{\"url\":\"https://x\"},\"hostname\":\"h\"}");
    assertThrows(UnsupportedException.class, () -> ConnectionFile.read(server));
    Path huge = write(" ".repeat(2 << 20));
    assertThrows(DamagedException.class, () -> ConnectionFile.read(huge));
  }

  @Test
  void connectsOpensAndDisconnects() throws Exception {
    Path repository = Files.createDirectory(folder.resolve("r"));
    FilesystemOptions place = FilesystemOptions.of(repository.toString());
    try (BlobStore store = FilesystemStore.create(place)) {
      Repositories.create(store, CreateOptions.DEFAULT, "right", new SeededRandom(2));
    }
    Path cache = folder.resolve("cache/x");
    ConnectionFile connection =
        new ConnectionFile(
            "filesystem",
            place.toJson(),
            CachingOptions.in(cache),
            TestClients.WRITER,
            Optional.empty());
    Path file = folder.resolve("c/repository.config");
    Connections connections = new Connections(STORES);
    assertThrows(
        WrongPasswordException.class,
        () -> connections.connect(file, connection, "wrong", options()));
    assertFalse(Files.exists(file));
    connections.connect(file, connection, "right", options());
    Connections.storePassword(file, "right");
    assertEquals(
        "cmlnaHQ=", Files.readString(folder.resolve("c/repository.config.kopia-password")));
    assertEquals(Optional.of("right"), Connections.storedPassword(file));
    try (Repository open = connections.open(file, "right", options())) {
      assertEquals("backup", open.client().username());
      assertEquals(connection, ConnectionFile.read(file));
    }
    Files.createDirectories(cache.resolve("indexes/a"));
    Files.writeString(cache.resolve("indexes/a/b"), "12345");
    Files.writeString(cache.resolve("precious"), "not a cache's");
    long bytes =
        new CacheDirectory(cache).info().stream().mapToLong(CacheDirectory.FolderInfo::bytes).sum();
    assertTrue(bytes >= 5);
    Connections.disconnect(file);
    assertFalse(Files.exists(file));
    assertEquals(Optional.empty(), Connections.storedPassword(file));
    assertFalse(Files.exists(cache.resolve("indexes")));
    assertTrue(Files.exists(cache.resolve("precious")));
    assertThrows(NotFoundException.class, () -> Connections.disconnect(file));
  }

  @Test
  void findsTheUsersFoldersByTheRulesOfEachSystem() {
    Path home = Path.of("/home/u");
    LocalPaths linux = new LocalPaths(Map.of(), "Linux", home);
    assertEquals(home.resolve(".config/kopia/repository.config"), linux.defaultConfigFile());
    assertEquals(home.resolve(".config/kopia/other"), linux.configFile("other"));
    assertEquals(Path.of("./other"), linux.configFile("./other"));
    assertEquals(Path.of("/a/b"), linux.configFile("/a/b"));
    LocalPaths xdg =
        new LocalPaths(Map.of("XDG_CONFIG_HOME", "/xc", "XDG_CACHE_HOME", "/xk"), "Linux", home);
    assertEquals(Path.of("/xc/kopia/repository.config"), xdg.defaultConfigFile());
    assertEquals(Path.of("/xk/kopia"), xdg.cacheDirectory(new byte[32], Path.of("/c")).getParent());
    assertEquals(
        home.resolve("Library/Application Support/kopia/repository.config"),
        new LocalPaths(Map.of(), "Mac OS X", home).defaultConfigFile());
    assertEquals(
        Path.of("/appdata/kopia/repository.config"),
        new LocalPaths(Map.of("APPDATA", "/appdata"), "Windows 11", home).defaultConfigFile());
  }

  @Test
  void aTokenCarriesTheStoreAndThePasswordIfWanted() throws Exception {
    // printf
    // '{"version":"1","storage":{"type":"filesystem","config":{"path":"/r"}},"password":"p"}' |
    // basenc --base64url
    String kopia =
        "eyJ2ZXJzaW9uIjoiMSIsInN0b3JhZ2UiOnsidHlwZSI6ImZpbGVzeXN0ZW0iLCJjb25maWciOnsicGF0aCI6Ii9yIn19LCJwYXNzd29yZCI6InAifQ";
    ReconnectToken token = new ReconnectToken("filesystem", "{\"path\":\"/r\"}", Optional.of("p"));
    assertEquals(kopia, token.encode());
    assertEquals(token, ReconnectToken.decode(kopia));
    ReconnectToken bare = new ReconnectToken("s3", "{}", Optional.empty());
    assertEquals(bare, ReconnectToken.decode(bare.encode()));
    assertFalse(token.toString().contains("/r"));
    for (String bad : List.of("", "?", "AAAA", kopia.substring(0, 50))) {
      assertThrows(DamagedException.class, () -> ReconnectToken.decode(bad), bad);
    }
    byte[] version2 = "{\"version\":\"2\"}".getBytes(StandardCharsets.UTF_8);
    String other = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(version2);
    assertThrows(UnsupportedException.class, () -> ReconnectToken.decode(other));
  }

  /// The same directory may have served another copy of the repository, whose lists say other
  /// things.
  @Test
  void connectingForgetsListsOfWhateverWasThereBefore() throws Exception {
    String place = FilesystemOptions.of(folder.resolve("store").toString()).toJson();
    try (BlobStore store = STORES.create("filesystem", place)) {
      Repositories.create(store, CreateOptions.DEFAULT, "secret", new SeededRandom(2));
    }
    Path lists = new CacheDirectory(folder.resolve("cache")).listFolder();
    Files.createDirectories(lists);
    Files.write(lists.resolve("list-78"), new byte[10]);
    var connection =
        new ConnectionFile(
            "filesystem",
            place,
            CachingOptions.in(folder.resolve("cache")),
            TestClients.WRITER,
            Optional.empty());
    new Connections(STORES).connect(folder.resolve("config"), connection, "secret", options());
    assertFalse(Files.exists(lists.resolve("list-78")));
  }
}
