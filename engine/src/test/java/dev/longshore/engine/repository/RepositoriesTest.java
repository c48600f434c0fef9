package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.ExistsException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RequiredFeature;
import dev.longshore.format.repository.UpgradeLock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RepositoriesTest {
  private static final String PASSWORD = "pässwörd 密码";
  private static final BlobId FORMAT = new BlobId("kopia.repository");
  private static final BlobId RETENTION = new BlobId("kopia.blobcfg");

  private final FakeClock clock = FakeClock.of2026();
  private final SeededRandom random = new SeededRandom(1);
  private final MemoryStore store = new MemoryStore(clock);
  private final List<String> warnings = new ArrayList<>();

  private OpenOptions options() {
    return new OpenOptions(
        clock, random, CachingOptions.OFF, false, Optional.empty(), false, false, warnings::add);
  }

  private Repository open(String password) throws RepositoryException {
    return Repositories.open(store, password, TestClients.WRITER, options());
  }

  private void create(CreateOptions options) throws RepositoryException {
    Repositories.create(store, options, PASSWORD, random);
  }

  private static ObjectId write(Repository repository, byte[] data) throws RepositoryException {
    return repository.write(
        WriteOptions.forPurpose("test"),
        writer -> {
          ObjectOptions options =
              new ObjectOptions(
                  ContentId.NO_PREFIX, Optional.empty(), Optional.empty(), Optional.empty());
          try (ObjectWriter object = writer.objectWriters().open(options)) {
            object.write(data, 0, data.length);
            return object.result();
          }
        });
  }

  @Test
  void whatIsWrittenInOneSessionIsReadInTheNext() throws Exception {
    byte[] data = Seeds.bytes(Seeds.generator(1), 3_000_000);
    for (CreateOptions options :
        List.of(
            CreateOptions.DEFAULT,
            CreateOptions.DEFAULT.withFormatVersion(2).withEccOverheadPercent(10),
            CreateOptions.DEFAULT
                .withFormatVersion(1)
                .withKeyDerivation("pbkdf2-sha256-600000")
                .withAlgorithms(
                    "HMAC-SHA3-256", "CHACHA20-POLY1305-HMAC-SHA256", "DYNAMIC-128K-RABINKARP"))) {
      MemoryStore own = new MemoryStore(clock);
      Repositories.create(own, options, PASSWORD, random);
      ObjectId id;
      try (Repository first = Repositories.open(own, PASSWORD, TestClients.WRITER, options())) {
        id = write(first, data);
        assertArrayEquals(data, first.objects().readAll(id, data.length));
      }
      try (Repository second = Repositories.open(own, PASSWORD, TestClients.READER, options())) {
        assertArrayEquals(data, second.objects().readAll(id, data.length));
        assertEquals(options.formatVersion(), second.format().version());
        assertEquals(options.formatVersion() > 1, second.format().enablePasswordChange());
        assertEquals(options.formatVersion() > 1, second.status().writeEpoch().isPresent());
        assertEquals(options.splitter(), second.status().format().splitter());
        assertThrows(
            UnsupportedException.class, () -> second.openWriter(WriteOptions.forPurpose("test")));
      }
    }
  }

  @Test
  void refusesToCreateWhereThereIsSomething() throws Exception {
    create(CreateOptions.DEFAULT);
    byte[] before = store.get(FORMAT);
    assertThrows(ExistsException.class, () -> create(CreateOptions.DEFAULT));
    store.delete(FORMAT);
    ExistsException rest = assertThrows(ExistsException.class, () -> create(CreateOptions.DEFAULT));
    assertTrue(rest.toString().contains("kopia.blobcfg without kopia.repository"));
    store.delete(RETENTION);
    store.put(new BlobId("photo"), ByteBuffer.wrap(before), PutOptions.NONE);
    assertThrows(ExistsException.class, () -> create(CreateOptions.DEFAULT));
    assertTrue(store.metadata(FORMAT).isEmpty());
  }

  @Test
  void refusesToCreateWhatNobodyCouldOpen() {
    CreateOptions good = CreateOptions.DEFAULT;
    for (CreateOptions bad :
        List.of(
            good.withFormatVersion(4),
            good.withAlgorithms("MD5", good.encryption(), good.splitter()),
            good.withAlgorithms(good.hash(), "NONE", good.splitter()),
            good.withAlgorithms(good.hash(), good.encryption(), "CONTENT-AWARE"),
            good.withKeyDerivation("testing-only-insecure"))) {
      assertThrows(UnsupportedException.class, () -> create(bad));
    }
    assertThrows(IllegalArgumentException.class, () -> create(good.withEccOverheadPercent(101)));
    assertThrows(
        IllegalArgumentException.class,
        () -> create(good.withRetention(new BlobRetention("GOVERNANCE", Duration.ofHours(1)))));
    assertThrows(
        UnsupportedException.class,
        () -> create(good.withRetention(new BlobRetention("GOVERNANCE", Duration.ofDays(1)))),
        "a memory store cannot lock");
    assertTrue(store.metadata(FORMAT).isEmpty());
    assertTrue(store.metadata(RETENTION).isEmpty());
  }

  @Test
  void saysWhatIsWrongWithARepositoryItCannotOpen() throws Exception {
    assertThrows(NotFoundException.class, () -> open(PASSWORD));
    create(CreateOptions.DEFAULT);
    assertThrows(WrongPasswordException.class, () -> open("other"));
    byte[] blob = store.get(FORMAT);
    put(FORMAT, "{".getBytes(StandardCharsets.UTF_8));
    assertThrows(DamagedException.class, () -> open(PASSWORD));
    put(FORMAT, new byte[2 << 20]);
    assertThrows(DamagedException.class, () -> open(PASSWORD));
    put(
        FORMAT,
        new String(blob, StandardCharsets.UTF_8)
            .replace("scrypt-", "bcrypt-")
            .getBytes(StandardCharsets.UTF_8));
    assertThrows(UnsupportedException.class, () -> open(PASSWORD));
    put(FORMAT, blob);
    byte[] retention = store.get(RETENTION);
    put(RETENTION, new byte[40]);
    assertThrows(DamagedException.class, () -> open(PASSWORD));
    store.delete(RETENTION);
    open(PASSWORD).close();
    put(RETENTION, retention);
    open(PASSWORD).close();
  }

  private void put(BlobId id, byte[] bytes) throws RepositoryException {
    store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  @Test
  void onlyTheNewPasswordOpensAfterAChange() throws Exception {
    create(CreateOptions.DEFAULT);
    byte[] data = Seeds.bytes(Seeds.generator(2), 1000);
    ObjectId id;
    try (Repository repository = open(PASSWORD)) {
      id = write(repository, data);
    }
    assertThrows(
        WrongPasswordException.class,
        () -> RepositoryAdmin.changePassword(store, "other", "new", random));
    RepositoryAdmin.changePassword(store, PASSWORD, "new", random);
    assertThrows(WrongPasswordException.class, () -> open(PASSWORD));
    try (Repository repository = open("new")) {
      assertArrayEquals(data, repository.objects().readAll(id, data.length));
    }
  }

  @Test
  void formatOneKeepsItsPassword() throws Exception {
    create(CreateOptions.DEFAULT.withFormatVersion(1));
    assertThrows(
        UnsupportedException.class,
        () -> RepositoryAdmin.changePassword(store, PASSWORD, "new", random));
    open(PASSWORD).close();
  }

  @Test
  void aPasswordChangeThatFailsHalfwayChangesNothing() throws Exception {
    create(CreateOptions.DEFAULT);
    BlobStore failing =
        new ForwardingStore(store) {
          @Override
          public void put(BlobId id, ByteBuffer content, PutOptions options)
              throws RepositoryException {
            if (id.equals(FORMAT)) {
              throw new StoreException("no space left", StoreException.Retry.NEVER);
            }
            super.put(id, content, options);
          }
        };
    assertThrows(
        StoreException.class,
        () -> RepositoryAdmin.changePassword(failing, PASSWORD, "new", random));
    open(PASSWORD).close();
  }

  @Test
  void changesParametersAndSaysWhich() throws Exception {
    create(CreateOptions.DEFAULT);
    assertEquals(
        List.of(), RepositoryAdmin.setParameters(store, PASSWORD, ParameterChange.NONE, random));
    byte[] before = store.get(FORMAT);
    ParameterChange packs =
        new ParameterChange(
            OptionalInt.of(40 << 20),
            OptionalInt.empty(),
            Optional.empty(),
            ParameterChange.Epochs.UNCHANGED);
    assertEquals(1, RepositoryAdmin.setParameters(store, PASSWORD, packs, random).size());
    assertFalse(java.util.Arrays.equals(before, store.get(FORMAT)));
    try (Repository repository = open(PASSWORD)) {
      assertEquals(40 << 20, repository.format().maxPackSize());
    }
    for (ParameterChange bad :
        List.of(
            new ParameterChange(
                OptionalInt.of(1 << 20),
                OptionalInt.empty(),
                Optional.empty(),
                ParameterChange.Epochs.UNCHANGED),
            new ParameterChange(
                OptionalInt.empty(),
                OptionalInt.of(1),
                Optional.empty(),
                ParameterChange.Epochs.UNCHANGED),
            new ParameterChange(
                OptionalInt.empty(),
                OptionalInt.of(3),
                Optional.empty(),
                ParameterChange.Epochs.UNCHANGED),
            new ParameterChange(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(new BlobRetention("GOVERNANCE", Duration.ZERO)),
                ParameterChange.Epochs.UNCHANGED))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> RepositoryAdmin.setParameters(store, PASSWORD, bad, random));
    }
    open(PASSWORD).close();
  }

  @Test
  void raisesTheIndexVersionOfFormatOne() throws Exception {
    create(CreateOptions.DEFAULT.withFormatVersion(1));
    ParameterChange index2 =
        new ParameterChange(
            OptionalInt.empty(),
            OptionalInt.of(2),
            Optional.empty(),
            ParameterChange.Epochs.UNCHANGED);
    assertEquals(
        List.of("setting index format version to 2"),
        RepositoryAdmin.setParameters(store, PASSWORD, index2, random));
    byte[] data = Seeds.bytes(Seeds.generator(3), 100);
    try (Repository repository = open(PASSWORD)) {
      assertEquals(2, repository.format().indexVersion());
      ObjectId id = write(repository, data);
      assertArrayEquals(data, repository.objects().readAll(id, 100));
    }
  }

  @Test
  void bringsBackALostFormatBlobFromAPack() throws Exception {
    create(CreateOptions.DEFAULT.withFormatVersion(1));
    byte[] format = store.get(FORMAT);
    assertThrows(
        NotFoundException.class, () -> RepositoryAdmin.repair(store, List.of("q", "p"), false));
    try (Repository repository = open(PASSWORD)) {
      write(repository, new byte[1000]);
    }
    assertTrue(RepositoryAdmin.hasFormatBlob(store));
    store.delete(FORMAT);
    assertFalse(RepositoryAdmin.hasFormatBlob(store));
    assertTrue(RepositoryAdmin.repair(store, List.of("q", "p"), true).value().startsWith("p"));
    assertTrue(store.metadata(FORMAT).isEmpty());
    RepositoryAdmin.repair(store, List.of("q", "p"), false);
    assertArrayEquals(format, store.get(FORMAT));
    open(PASSWORD).close();
  }

  private void reseal(
      java.util.function.UnaryOperator<dev.longshore.format.repository.RepositoryFormat> change)
      throws Exception {
    FormatBlob blob = FormatBlob.parse(store.get(FORMAT));
    byte[] key = FormatBlobCodec.deriveFormatKey(blob, PASSWORD);
    put(
        FORMAT,
        FormatBlobCodec.reseal(blob, change.apply(FormatBlobCodec.open(blob, key)), key, random)
            .encode());
  }

  @Test
  void keepsOutOfARepositoryThatSomebodyUpgrades() throws Exception {
    create(CreateOptions.DEFAULT);
    Repository early = open(PASSWORD);
    reseal(format ->
        format.withUpgradeLock(
            new UpgradeLock(
                "admin",
                clock.instant(),
                Duration.ZERO,
                Duration.ofMinutes(15),
                Duration.ofMinutes(1),
                "to the next version",
                Duration.ofMinutes(5))));
    BusyException busy = assertThrows(BusyException.class, () -> open(PASSWORD));
    assertTrue(busy.toString().contains("admin"), busy.toString());
    assertThrows(
        BusyException.class, () -> RepositoryAdmin.changePassword(store, PASSWORD, "new", random));
    Repositories.open(
            store,
            PASSWORD,
            TestClients.WRITER,
            new OpenOptions(
                clock,
                random,
                CachingOptions.OFF,
                false,
                Optional.of("admin"),
                false,
                false,
                warnings::add))
        .close();
    // A client that was there before sees the lock within a quarter of an hour.
    write(early, new byte[1]);
    clock.advance(Duration.ofMinutes(16));
    assertThrows(BusyException.class, () -> early.openWriter(WriteOptions.forPurpose("test")));
    early.close();
  }

  @Test
  void needsEveryRequiredFeatureButThoseThatOnlyWarn() throws Exception {
    create(CreateOptions.DEFAULT);
    reseal(format ->
        format.withRequiredFeatures(
            List.of(
                new RequiredFeature("index-v2", false, "", "", ""),
                new RequiredFeature("colours", true, "nice to have", "", ""))));
    open(PASSWORD).close();
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("colours: nice to have"));
    reseal(format ->
        format.withRequiredFeatures(
            List.of(new RequiredFeature("index-v9", false, "", "", "99.0"))));
    UnsupportedException refused = assertThrows(UnsupportedException.class, () -> open(PASSWORD));
    assertTrue(refused.toString().contains("index-v9"));
  }

  @Test
  void defaultsAreWhatKopiaWrites() throws Exception {
    create(CreateOptions.DEFAULT);
    try (Repository repository = open(PASSWORD)) {
      RepositoryDefaults.writeGlobalPolicy(repository);
      RepositoryDefaults.writeMaintenanceParameters(repository, "backup@node-1");
      assertEquals("backup@node-1", repository.maintenance().params().owner());
      assertEquals(Duration.ofHours(24), repository.maintenance().params().full().interval());
      assertEquals(2, repository.manifests().find(java.util.Map.of()).size());
    }
  }

  @Test
  void aSessionThatFailsLeavesNothingToSee() throws Exception {
    create(CreateOptions.DEFAULT);
    try (Repository repository = open(PASSWORD)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              repository.write(
                  WriteOptions.forPurpose("test"),
                  writer -> {
                    writer
                        .manifests()
                        .put(
                            java.util.Map.of("type", "note"), "1".getBytes(StandardCharsets.UTF_8));
                    writer
                        .contents()
                        .write(ContentId.NO_PREFIX, new byte[10], 0, 10, Optional.empty());
                    throw new IllegalStateException("enough");
                  }));
      assertEquals(List.of(), repository.manifests().find(java.util.Map.of()));
    }
    List<BlobMetadata> sessions = new ArrayList<>();
    store.list("s", sessions::add);
    assertEquals(List.of(), sessions);
  }
}
