package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptKeyTest {
  @TempDir Path folder;

  private final Connections connections =
      new Connections(new StoreFactories(List.of(new FilesystemStoreFactory())));
  private Path config;
  private Path keyFile;

  private static OpenOptions options() {
    return OpenOptions.of(FakeClock.of2026(), new SeededRandom(1));
  }

  private BlobStore store() throws Exception {
    return FilesystemStore.open(FilesystemOptions.of(folder.resolve("r").toString()));
  }

  @BeforeEach
  void connect() throws Exception {
    FilesystemOptions place =
        FilesystemOptions.of(Files.createDirectory(folder.resolve("r")).toString());
    try (BlobStore store = FilesystemStore.create(place)) {
      Repositories.create(store, CreateOptions.DEFAULT, "right", new SeededRandom(2));
    }
    config = folder.resolve("c/repository.config");
    keyFile = folder.resolve("c/repository.config.longshore-key");
    var connection =
        new ConnectionFile(
            "filesystem",
            place.toJson(),
            CachingOptions.in(folder.resolve("cache")),
            TestClients.WRITER,
            Optional.empty());
    connections.connect(config, connection, "right", options());
  }

  private FormatBlob blob() throws Exception {
    try (BlobStore store = store()) {
      return FormatBlob.parse(SharedFormat.readFormatBlob(store));
    }
  }

  private void open(String password) throws Exception {
    connections.open(config, password, options()).close();
  }

  @Test
  void keepsTheKeyOnlyBesideTheSamePassword() throws Exception {
    open("right");
    assertFalse(Files.exists(keyFile), "the password is not kept, so its key is not either");
    Connections.storePassword(config, "other");
    open("right");
    assertFalse(Files.exists(keyFile), "another password is kept");
    Connections.storePassword(config, "right");
    open("right");
    assertEquals(64, Files.size(keyFile));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)));
    assertArrayEquals(
        FormatBlobCodec.deriveFormatKey(blob(), "right"),
        KeptKey.in(keyFile).find(blob()).orElseThrow());
    assertThrows(WrongPasswordException.class, () -> open("wrong"));
    Connections.disconnect(config);
    assertFalse(Files.exists(keyFile));
  }

  @Test
  void opensWithTheKeptKey() throws Exception {
    // Only the kept key can open it under a password that is not the repository's.
    try (BlobStore store = store()) {
      byte[] key = FormatBlobCodec.deriveFormatKey(blob(), "right");
      KeptKey.in(keyFile).keep(blob(), key);
      assertEquals(
          3, SharedFormat.load(store, "not the password", KeptKey.in(keyFile)).format().version());
      assertThrows(
          WrongPasswordException.class,
          () -> SharedFormat.load(store, "not the password", KeptKey.none()));
    }
  }

  @Test
  void derivesAnewWhatIsStaleDamagedOrAnothersAndKeepsThat() throws Exception {
    Connections.storePassword(config, "right");
    open("right");
    byte[] good = Files.readAllBytes(keyFile);
    byte[] wrongKey = good.clone();
    wrongKey[63] ^= 1;
    byte[] wrongTag = good.clone();
    wrongTag[0] ^= 1;
    for (byte[] bad :
        List.of(wrongKey, wrongTag, Arrays.copyOf(good, 63), new byte[0], new byte[2 << 20])) {
      Files.write(keyFile, bad);
      open("right");
      assertArrayEquals(good, Files.readAllBytes(keyFile));
    }
    Files.delete(keyFile);
    Files.createDirectory(keyFile);
    Files.createFile(keyFile.resolve("in the way"));
    open("right");
    assertTrue(Files.isDirectory(keyFile));
  }

  @Test
  void aChangedPasswordWinsOverTheKeyOfTheOldOne() throws Exception {
    Connections.storePassword(config, "right");
    open("right");
    byte[] old = Files.readAllBytes(keyFile);
    try (BlobStore store = store()) {
      RepositoryAdmin.changePassword(store, "right", "new", new SeededRandom(3));
    }
    assertThrows(WrongPasswordException.class, () -> open("right"));
    Connections.storePassword(config, "new");
    assertFalse(Files.exists(keyFile));
    Files.write(keyFile, old);
    open("new");
    assertArrayEquals(
        FormatBlobCodec.deriveFormatKey(blob(), "new"),
        KeptKey.in(keyFile).find(blob()).orElseThrow());
  }
}
