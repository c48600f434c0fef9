package dev.longshore.engine.blob.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreContract;
import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilesystemStoreTest extends StoreContract {
  private static final BlobId PACK =
      new BlobId("p6259baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147");
  private static final String PACK_PATH =
      "p/625/9baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147.f";

  @TempDir Path directory;

  private Path root() {
    return directory.resolve("a/repository");
  }

  private FilesystemOptions options() {
    return FilesystemOptions.of(root().toString());
  }

  @Override
  protected BlobStore newStore() throws Exception {
    return FilesystemStore.create(options());
  }

  private static void put(BlobStore store, BlobId id, String text) throws RepositoryException {
    store.put(id, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), PutOptions.NONE);
  }

  private static Set<String> list(BlobStore store, String prefix) throws RepositoryException {
    Set<String> names = new TreeSet<>();
    store.list(prefix, blob -> names.add(blob.id().value()));
    return names;
  }

  @Test
  void newStoresShardBy1And3() throws Exception {
    assertEquals(
        "{\"default\":[1,3],\"maxNonShardedLength\":20}\n",
        Files.readString(root().resolve(".shards")));
    put(store(), PACK, "x");
    assertTrue(Files.isRegularFile(root().resolve(PACK_PATH)));
  }

  @Test
  void existingStoresWithoutShardsFileShardBy3And3() throws Exception {
    Files.delete(root().resolve(".shards"));
    try (FilesystemStore old = FilesystemStore.open(options())) {
      put(old, PACK, "x");
    }
    assertTrue(
        Files.isRegularFile(
            root().resolve("p62/59b/aee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147.f")));
    assertEquals(
        "{\"default\":[3,3],\"maxNonShardedLength\":20}\n",
        Files.readString(root().resolve(".shards")));
  }

  @Test
  void optionsDecideOnlyWhereTheStoreDoesNotSay() throws Exception {
    Path flat = directory.resolve("flat");
    FilesystemOptions options = FilesystemOptions.of(flat.toString()).withDirShards(List.of());
    try (FilesystemStore store = FilesystemStore.create(options)) {
      put(store, PACK, "x");
      assertTrue(Files.isRegularFile(flat.resolve(PACK + ".f")));
    }
    try (FilesystemStore again = FilesystemStore.open(options.withDirShards(List.of(2, 2)))) {
      assertArrayEquals(new byte[] {'x'}, again.get(PACK));
    }
  }

  @Test
  void filesAndFoldersAreForTheOwnerOnly() throws Exception {
    put(store(), PACK, "x");
    assertEquals("rw-------", permissions(PACK_PATH));
    assertEquals("rwx------", permissions("p/625"));
    assertEquals("rwx------", permissions(""));
  }

  private String permissions(String path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve(path)));
  }

  @Test
  void leavesNoTemporaryFiles() throws Exception {
    put(store(), PACK, "x");
    put(store(), PACK, "y");
    try (Stream<Path> files = Files.walk(root())) {
      List<String> names =
          files.filter(Files::isRegularFile).map(f -> root().relativize(f).toString()).toList();
      assertEquals(Set.of(".shards", PACK_PATH), Set.copyOf(names));
    }
  }

  @Test
  void listsOnlyWhatCanBeRead() throws Exception {
    put(store(), PACK, "x");
    Path root = root();
    Files.writeString(root.resolve("README"), "foreign");
    Files.writeString(root.resolve(".f"), "no name");
    Files.writeString(root.resolve(PACK_PATH + ".tmp.0123456789abcdef"), "unfinished");
    Files.writeString(root.resolve("q6259baee6034f328f8f7fbe9b4a4a12e.f"), "not in its folder");
    Files.createDirectories(root.resolve("p/625/deeper"));
    Files.writeString(root.resolve("p/625/deeper/0123456789abcdef0123.f"), "too deep");
    Files.writeString(root.resolve("p/625/a name with blanks.f"), "odd");
    Files.createDirectories(root.resolve("lost+found"));
    Files.createDirectory(root.resolve("xe5.f"));
    Files.createSymbolicLink(root.resolve("xe6.f"), root.resolve("README"));
    Files.createSymbolicLink(root.resolve("s"), root.resolve("p"));
    Files.createSymbolicLink(root.resolve("p/loop"), root);
    assertEquals(Set.of(PACK.value()), list(store(), ""));
    assertEquals(Set.of(PACK.value()), list(store(), "p"));
  }

  @Test
  void survivesAVeryDeepTree() throws Exception {
    Path deep = root();
    for (int i = 0; i < 700; i++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
    put(store(), PACK, "x");
    assertEquals(Set.of(PACK.value()), list(store(), ""));
  }

  @Test
  void doesNotFollowLinks() throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "secret");
    Files.createSymbolicLink(root().resolve("xe6.f"), secret);
    BlobId id = new BlobId("xe6");
    assertThrows(StoreException.class, () -> store().get(id));
    assertThrows(StoreException.class, () -> store().metadata(id));
    put(store(), id, "mine");
    assertEquals("secret", Files.readString(secret));
    assertArrayEquals("mine".getBytes(StandardCharsets.UTF_8), store().get(id));
  }

  @Test
  void aFolderInPlaceOfABlobIsAFault() throws Exception {
    Files.createDirectory(root().resolve("xe5.f"));
    assertThrows(StoreException.class, () -> store().get(new BlobId("xe5")));
  }

  @Test
  void listsInParallelWhatItListsAlone() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      names.add(String.format("%s%03x56789abcdef01234567", i % 2 == 0 ? "p" : "q", i * 33));
      put(store(), new BlobId(names.getLast()), "x");
    }
    names.add("xe1");
    put(store(), new BlobId("xe1"), "x");
    FilesystemOptions parallel =
        new FilesystemOptions(root().toString(), 0, 0, -1, -1, null, 5, ThrottlingLimits.NONE);
    try (FilesystemStore store = FilesystemStore.open(parallel)) {
      assertEquals(new TreeSet<>(names), list(store, ""));
      assertEquals(list(store(), "p0"), list(store, "p0"));
      List<BlobMetadata> seen = new ArrayList<>();
      assertThrows(
          NotFoundException.class,
          () ->
              store.list(
                  "",
                  blob -> {
                    seen.add(blob);
                    throw new NotFoundException("enough");
                  }));
      assertEquals(1, seen.size());
    }
  }

  @Test
  void missingFolderIsNotFound() {
    FilesystemOptions nowhere = FilesystemOptions.of(directory.resolve("nowhere").toString());
    assertThrows(NotFoundException.class, () -> FilesystemStore.open(nowhere));
    assertFalse(Files.exists(directory.resolve("nowhere")));
  }

  @Test
  void aPathThatIsNoneIsAFault() {
    for (String path : List.of("", "a\0b")) {
      FilesystemOptions options = FilesystemOptions.of(path);
      assertThrows(StoreException.class, () -> FilesystemStore.open(options));
      assertThrows(StoreException.class, () -> FilesystemStore.create(options));
    }
  }

  @Test
  void damagedShardsFileIsToldAsSuch() throws Exception {
    Files.writeString(root().resolve(".shards"), "{\"default\":[1,3");
    DamagedException fault =
        assertThrows(DamagedException.class, () -> FilesystemStore.open(options()));
    assertTrue(String.valueOf(fault.getMessage()).contains(".shards"), fault::toString);
  }

  @Test
  void optionsSurviveJson() throws Exception {
    String kopias =
        "{\"path\":\"/r\",\"fileMode\":384,\"dirMode\":448,\"uid\":1000,\"gid\":0,"
            + "\"dirShards\":[2,2],\"listParallelism\":4,\"readsPerSecond\":1.5,"
            + "\"maxUploadSpeedBytesPerSecond\":1000000,\"concurrentWrites\":3}";
    FilesystemOptions parsed = FilesystemOptions.parse(kopias.getBytes(StandardCharsets.UTF_8));
    assertEquals(kopias, parsed.toJson());
    assertEquals(
        "{\"path\":\"/r\",\"fileMode\":384,\"dirMode\":448,\"dirShards\":null}",
        FilesystemOptions.of("/r").toJson());
  }

  @Test
  void tellsAFullDiskAsSuch() throws Exception {
    Path full = Path.of("/dev/full");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isWritable(full));
    java.io.IOException cause =
        assertThrows(java.io.IOException.class, () -> Files.write(full, new byte[10]));
    RepositoryException fault = StoreFaults.ofWrite("put p1", root(), 10, cause);
    assertEquals("put p1: no space left for 10 bytes in " + root(), fault.getMessage());
    assertEquals(StoreException.Retry.NEVER, ((StoreException) fault).retry());
  }

  @Test
  void capacityIsThatOfTheDisk() throws Exception {
    BlobStore.Capacity capacity = store().capacity().orElseThrow();
    assertTrue(capacity.availableBytes() > 0);
    assertTrue(capacity.totalBytes() >= capacity.availableBytes());
  }
}
