package dev.longshore.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.engine.verify.SnapshotVerifier.Root;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotVerifierTest {
  private final MemoryTree tree = new MemoryTree();

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private BlobStore store(Set<BlobId> missing, int packLength) throws RepositoryException {
    MemoryStore store = new MemoryStore(Clock.systemUTC());
    for (BlobId pack : tree.packs()) {
      if (!missing.contains(pack)) {
        store.put(pack, ByteBuffer.allocate(packLength), PutOptions.NONE);
      }
    }
    return store;
  }

  private VerifyResult verify(double percent, int maxErrors, DirEntry... roots)
      throws RepositoryException {
    return verify(store(Set.of(), 1 << 20), percent, maxErrors, roots);
  }

  private VerifyResult verify(BlobStore store, double percent, int maxErrors, DirEntry... roots)
      throws RepositoryException {
    List<Root> all = new ArrayList<>();
    for (DirEntry root : roots) {
      all.add(new Root("me@host:/" + root.name(), root));
    }
    VerifyOptions options =
        new VerifyOptions(percent, maxErrors, 3, 1 << 20, ContentCheck.AUTHENTIC);
    return new SnapshotVerifier(tree, tree, store, options, new Random(1))
        .verify(all, VerifyListener.NONE);
  }

  private DirEntry sample() {
    ObjectId large = tree.object(List.of(random(1000, 1), random(2000, 2), random(1000, 1)));
    return tree.directory(
        "root",
        0755,
        0,
        tree.file("large", large, 4000, 0644, 0),
        tree.file("copy", large, 4000, 0644, 0),
        tree.file("one", random(1000, 1), 0644, 0),
        tree.symlink("link", "to", 0),
        tree.file("empty", new byte[0], 0644, 0),
        tree.directory("sub", 0755, 0, tree.file("two", random(2000, 2), 0644, 0)));
  }

  @Test
  void looksAtEveryObjectOnceAndReadsEveryContentOnce() throws RepositoryException {
    DirEntry root = sample();

    VerifyResult result = verify(100, 0, root, root.withName("again"));

    assertEquals(List.of(), result.errors());
    assertTrue(result.complete());
    assertEquals(new VerifyStats(7, 7002, 5, 7002, 0, 0, 0), result.stats());
    tree.reads().forEach((id, n) -> assertTrue(n == 1 || id.hasPrefix(), id + " read " + n));
  }

  @Test
  void readsNoFilesUnlessAsked() throws RepositoryException {
    VerifyResult result = verify(0, 0, sample());

    assertEquals(0, result.stats().readFiles());
    assertTrue(tree.reads().keySet().stream().allMatch(ContentId::hasPrefix));
  }

  @Test
  void readsAboutTheShareAskedFor() throws RepositoryException {
    DirEntry[] files = new DirEntry[400];
    for (int i = 0; i < files.length; i++) {
      files[i] = tree.file("f" + i, random(10, i), 0644, 0);
    }

    long read = verify(25, 0, tree.directory("d", 0755, 0, files)).stats().readFiles();

    assertTrue(read > 50 && read < 150, "read " + read);
  }

  @Test
  void findsWhatIsDamagedMissingAndCut() throws RepositoryException {
    DirEntry root = sample();
    ObjectId two = tree.content(ContentId.NO_PREFIX, random(2000, 2));
    tree.damage(two);
    DirEntry lost = tree.file("lost", random(7, 7), 0644, 0);
    tree.forget(lost.objectId());
    DirEntry badDirectory = tree.directory("bad", 0755, 0, tree.file("x", random(3, 3), 0644, 0));
    tree.damage(badDirectory.objectId());
    DirEntry all = tree.directory("all", 0755, 0, root, lost, badDirectory);

    VerifyResult shallow = verify(0, -1, all);
    VerifyResult full = verify(100, -1, all);

    assertEquals(Set.of("me@host:/all/bad", "me@host:/all/lost"), paths(shallow));
    assertEquals(4, full.errorCount());
    assertTrue(paths(full).contains("me@host:/all/root/sub/two"), paths(full).toString());
    assertTrue(full.complete());
  }

  private static Set<String> paths(VerifyResult result) {
    Set<String> paths = new HashSet<>();
    result.errors().forEach(error -> paths.add(error.path()));
    return paths;
  }

  @Test
  void findsPacksThatAreMissingOrShort() throws RepositoryException {
    DirEntry root = tree.directory("d", 0755, 0, tree.file("f", random(50, 1), 0644, 0));
    BlobId pack =
        tree.find(tree.content(ContentId.NO_PREFIX, random(50, 1)).contentId())
            .orElseThrow()
            .packBlobId();

    VerifyResult missing = verify(store(Set.of(pack), 1 << 20), 0, -1, root);
    VerifyResult cut = verify(store(Set.of(), 60), 0, -1, root);

    assertEquals(Set.of("me@host:/d/f"), paths(missing));
    assertTrue(missing.errors().getFirst().message().contains(pack.toString()));
    assertEquals(Set.of("me@host:/d/f", "me@host:/d"), paths(cut));
  }

  @Test
  void stopsAfterTooManyErrors() throws RepositoryException {
    DirEntry[] files = new DirEntry[100];
    for (int i = 0; i < files.length; i++) {
      files[i] = tree.file("f" + i, random(10, i), 0644, 0);
      tree.forget(files[i].objectId());
    }
    DirEntry root = tree.directory("d", 0755, 0, files);

    assertEquals(1, verify(0, 0, root).errorCount());
    assertEquals(5, verify(0, 5, root).errorCount());
    assertFalse(verify(0, 5, root).complete());
    assertEquals(100, verify(0, -1, root).errorCount());
  }

  @Test
  void writesKopiasJson() {
    VerifyResult result =
        new VerifyResult(
            new VerifyStats(1, 2, 3, 4, 5, 6, 7),
            List.of(new VerifyResult.Fault("p", "bad")),
            1,
            true);
    GoJsonWriter json = new GoJsonWriter();
    result.writeTo(json);
    assertEquals(
        "{\"stats\":{\"processedObjectCount\":1,\"processedBytes\":2,\"readFileCount\":3,"
            + "\"readBytes\":4,\"expectedTotalObjectCount\":5,\"expectedTotalFileCount\":6,"
            + "\"expectedTotalBytes\":7},\"errorCount\":1,\"errorStrings\":[\"p: bad\"]}",
        new String(json.toByteArray(), StandardCharsets.UTF_8));
  }
}
