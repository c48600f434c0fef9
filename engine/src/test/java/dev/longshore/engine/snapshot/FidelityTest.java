package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.attribute.MetadataPolicy;
import dev.longshore.engine.compare.DifferenceText;
import dev.longshore.engine.compare.TreeComparer;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.engine.restore.RestoreIssue;
import dev.longshore.engine.restore.RestoreListener;
import dev.longshore.engine.restore.RestoreOptions;
import dev.longshore.engine.restore.RestoreResult;
import dev.longshore.engine.restore.RestoreTarget;
import dev.longshore.engine.restore.Restorer;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.verify.SnapshotVerifier;
import dev.longshore.engine.verify.VerifyListener;
import dev.longshore.engine.verify.VerifyOptions;
import dev.longshore.engine.verify.VerifyResult;
import dev.longshore.format.directory.Attribute;
import dev.longshore.format.directory.Attributes;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.json.RawText;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a file system keeps beside the bytes comes back from a snapshot.
class FidelityTest {
  private TestRepository repository;
  @TempDir Path folder;

  @BeforeEach
  void freshRepository() throws IOException {
    repository = TestRepository.fresh();
    assumeTrue(RichTree.hasAttributes(folder), "no extended attributes here");
  }

  private RestoreResult restore(DirEntry root, Path target, RestoreOptions options)
      throws IOException {
    return new Restorer(repository.repository)
        .restore(root, new RestoreTarget.Local(target), options, RestoreListener.NONE);
  }

  private RestoreResult restore(DirEntry root, Path target) throws IOException {
    return restore(root, target, RestoreOptions.DEFAULTS);
  }

  private static RestoreOptions with(
      AttributeOptions attributes, RestoreOptions.Writing writing, boolean skipExisting) {
    RestoreOptions d = RestoreOptions.DEFAULTS;
    return new RestoreOptions(
        d.overwrite(),
        d.skip(),
        writing,
        d.ignorePermissionErrors(),
        d.ignoreErrors(),
        skipExisting,
        d.deleteExtra(),
        d.shallow(),
        d.parallel(),
        d.budgetBytes(),
        attributes);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> walk = Files.walk(tree)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static DirEntry root(SnapshotManifest snapshot) {
    return snapshot.root().orElseThrow();
  }

  @Test
  void randomTreesComeBackWithAllThatTheyHad() {
    Seeds.check(
        12,
        random -> {
          repository = TestRepository.fresh();
          Path source = Files.createDirectory(folder.resolve("s"));
          new RichTree(random, RichTree.isRoot()).fill(source, 12);
          SnapshotResult first = repository.snapshot(source);
          assertEquals(NotKept.NOTHING, first.notKept());
          boolean atomically = random.nextBoolean();
          RestoreOptions options =
              with(
                  AttributeOptions.DEFAULTS,
                  new RestoreOptions.Writing(false, atomically, false),
                  false);
          Path target = folder.resolve("t");
          RestoreResult result = restore(root(first.manifest()), target, options);
          assertEquals(List.of(), result.issues());
          RichTree.checkSame(source, target);
          // Once more over what is there, and from the bytes of an unchanged second snapshot.
          SnapshotResult second = repository.snapshot(source);
          assertEquals(root(first.manifest()), root(second.manifest()));
          assertEquals(0, second.manifest().stats().nonCachedFiles());
          assertEquals(List.of(), restore(root(second.manifest()), target).issues());
          RichTree.checkSame(source, target);
          delete(source);
          delete(target);
        });
  }

  @Test
  void aChangeOfAnAttributeAloneIsNoticedWithoutReadingTheFile() throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[5000]);
    Files.write(folder.resolve("g"), new byte[5000]);
    Path sub = Files.createDirectory(folder.resolve("d"));
    SnapshotManifest bare = repository.snapshot(folder).manifest();
    RichTree.set(file, "user.a", new byte[] {1});
    SnapshotManifest one = repository.snapshot(folder).manifest();
    assertEquals(0, one.stats().nonCachedFiles());
    assertNotEquals(root(bare).objectId(), root(one).objectId());
    RichTree.set(file, "user.a", new byte[] {2});
    SnapshotManifest two = repository.snapshot(folder).manifest();
    assertNotEquals(root(one).objectId(), root(two).objectId());
    assertEquals(
        List.of(new Attribute("user.a", new byte[] {2})),
        repository.entry(two, "f").extra().attributes().list());
    RichTree.set(sub, "user.b", new byte[3000]);
    SnapshotManifest three = repository.snapshot(folder).manifest();
    assertTrue(repository.entry(three, "d").extra().attributesObject().isPresent());
    int fd = Posix.openat(Posix.AT_FDCWD, RichTree.raw(file), Posix.O_RDONLY, 0);
    ExtendedAttributes.remove(fd, "user.a");
    Posix.close(fd);
    fd = Posix.openat(Posix.AT_FDCWD, RichTree.raw(sub), Posix.O_RDONLY, 0);
    ExtendedAttributes.remove(fd, "user.b");
    Posix.close(fd);
    SnapshotManifest last = repository.snapshot(folder).manifest();
    assertEquals(root(bare).objectId(), root(last).objectId());
    assertEquals(0, last.stats().nonCachedFiles());
  }

  @Test
  void withoutAttributesNothingIsStoredThatKopiaWouldNotStore() throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[10]);
    SnapshotManifest plain = repository.snapshot(folder).manifest();
    assertEquals(ExtraMetadata.NONE, repository.entry(plain, "f").extra());
    RichTree.set(file, "user.a", new byte[] {1});
    RichTree.set(folder, "user.a", new byte[] {1});
    UploadOptions d = UploadOptions.DEFAULTS;
    repository.options =
        new UploadOptions(
            0,
            0,
            0,
            false,
            d.checkpointInterval(),
            Map.of(),
            true,
            UploadOptions.NEVER,
            AttributeOptions.NONE);
    SnapshotManifest without = repository.snapshot(folder).manifest();
    assertEquals(root(plain), root(without));
  }

  @Test
  void aPartOfATreeIsRestoredWithItsOwnLinksOnly() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    Path one = Files.write(inside.resolve("one"), new byte[] {1, 2, 3});
    Files.createLink(inside.resolve("two"), one);
    Files.createLink(folder.resolve("outside"), one);
    SnapshotManifest snapshot = repository.snapshot(folder).manifest();
    Path target = folder.resolve("t");
    assertEquals(List.of(), restore(repository.entry(snapshot, "inside"), target).issues());
    assertEquals(2, Files.getAttribute(target.resolve("two"), "unix:nlink"));
    assertEquals(
        Files.getAttribute(target.resolve("one"), "unix:ino"),
        Files.getAttribute(target.resolve("two"), "unix:ino"));
    // A file of its own, whatever its entry says of others.
    Path alone = folder.resolve("alone");
    assertEquals(List.of(), restore(repository.entry(snapshot, "outside"), alone).issues());
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(alone));
    assertEquals(1, Files.getAttribute(alone, "unix:nlink"));
  }

  @Test
  void anInterruptedRestoreGoesOnWithLinks() throws IOException {
    Path source = Files.createDirectory(folder.resolve("s"));
    Path one = Files.write(source.resolve("a"), new byte[] {1, 2, 3});
    Files.createLink(source.resolve("b"), one);
    Files.createLink(source.resolve("c"), one);
    DirEntry root = root(repository.snapshot(source).manifest());
    Path target = folder.resolve("t");
    assertEquals(List.of(), restore(root, target).issues());
    Files.delete(target.resolve("b"));
    RestoreOptions again = with(AttributeOptions.DEFAULTS, RestoreOptions.DEFAULTS.writing(), true);
    RestoreResult result = restore(root, target, again);
    assertEquals(2, result.stats().skipped());
    assertEquals(RichTree.describe(source).get("b"), RichTree.describe(target).get("b"));
  }

  @Test
  void attributesOfForeignNameSpacesAreNotSet() throws IOException {
    Path source = Files.createDirectory(folder.resolve("s"));
    Files.write(source.resolve("f"), new byte[10]);
    DirEntry plain = repository.entry(repository.snapshot(source).manifest(), "f");
    DirEntry hostile =
        plain.withExtra(
            new ExtraMetadata(
                null,
                0,
                0,
                false,
                Attributes.of(
                    List.of(
                        new Attribute("user.fine", new byte[] {1}),
                        new Attribute("evil.name", new byte[] {1}),
                        new Attribute("user.", new byte[] {1}))),
                null));
    Path target = folder.resolve("t");
    RestoreResult warned = restore(hostile, target);
    assertEquals(Map.of(RestoreIssue.Kind.ATTRIBUTES, 1L), warned.issueCounts());
    assertEquals(
        List.of("user.fine"), ExtendedAttributes.list(Posix.AT_FDCWD, RichTree.raw(target)));
    RestoreResult ignored =
        restore(
            hostile,
            target,
            with(
                new AttributeOptions(true, false, MetadataPolicy.IGNORE),
                RestoreOptions.DEFAULTS.writing(),
                false));
    assertEquals(1L, ignored.issueCounts().get(RestoreIssue.Kind.ATTRIBUTES));
    assertEquals(List.of(), ignored.issues());
    RestoreResult failed =
        restore(
            hostile,
            target,
            with(
                new AttributeOptions(true, false, MetadataPolicy.FAIL),
                RestoreOptions.DEFAULTS.writing(),
                false));
    assertEquals(1, failed.failures());
    RestoreResult off =
        restore(
            hostile, target, with(AttributeOptions.NONE, RestoreOptions.DEFAULTS.writing(), false));
    assertEquals(List.of(), off.issues());
    assertEquals(List.of(), ExtendedAttributes.list(Posix.AT_FDCWD, RichTree.raw(target)));
  }

  @Test
  void aComparisonTellsOfAttributesLinksAndHoles() throws IOException {
    Path source = Files.createDirectory(folder.resolve("s"));
    Path one = Files.write(source.resolve("a"), new byte[] {1, 2, 3});
    RichTree.set(one, "user.same", new byte[] {1});
    RichTree.set(one, "user.old", new byte[] {1});
    DirEntry before = root(repository.snapshot(source).manifest());
    Files.createLink(source.resolve("b"), one);
    RichTree.set(one, "user.old", new byte[] {2});
    DirEntry after = root(repository.snapshot(source).manifest());
    List<String> told = new ArrayList<>();
    new TreeComparer(repository.repository)
        .compare(before, after, difference -> told.add(DifferenceText.of(difference)));
    assertEquals(
        List.of("./a attribute user.old, links differ", "added file ./b (3 bytes)"),
        told.stream().filter(line -> !line.contains("modification times")).toList());
  }

  @Test
  void verificationLooksAtAttributesThatAreObjects() throws Exception {
    Path file = Files.write(folder.resolve("f"), new byte[10]);
    RichTree.set(file, "user.long", new byte[3000]);
    SnapshotManifest snapshot = repository.snapshot(folder).manifest();
    VerifyResult result =
        new SnapshotVerifier(repository.repository, VerifyOptions.DEFAULTS, new Random(1))
            .verify(List.of(new SnapshotVerifier.Root("", root(snapshot))), VerifyListener.NONE);
    assertEquals(List.of(), result.errors());
    // The root, the file, its attributes.
    assertEquals(3, result.stats().processedObjects());
  }

  @Test
  void namesThatDisagreeAreNotLinked() throws IOException {
    Path source = Files.createDirectory(folder.resolve("s"));
    Path one = Files.write(source.resolve("a"), new byte[] {1, 2, 3});
    Files.createLink(source.resolve("b"), one);
    SnapshotManifest before = repository.snapshot(source).manifest();
    DirEntry root = root(before);
    // As if the file had changed between the two readings: other content, the same inode.
    Files.write(source.resolve("a"), new byte[] {4, 5, 6, 7});
    SnapshotManifest after = repository.snapshot(source).manifest();
    DirEntry changed = repository.entry(after, "b");
    Path target = folder.resolve("t");
    try (var writer = repository.repository.openWriter(TestRepository.WRITE);
        TreeRewriter rewriter =
            new TreeRewriter(
                writer,
                new EntryRewrite() {
                  @Override
                  public DirEntry rewrite(String path, DirEntry entry) {
                    return path.equals("b") ? changed : entry;
                  }

                  @Override
                  public DirEntry unreadable(
                      String path, DirEntry directory, RepositoryException fault) {
                    return directory;
                  }
                },
                1)) {
      SnapshotManifest mixed = rewriter.rewrite(before);
      writer.flush();
      assertNotEquals(root, root(mixed));
      assertEquals(List.of(), restore(root(mixed), target).issues());
    }
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(target.resolve("a")));
    assertArrayEquals(new byte[] {4, 5, 6, 7}, Files.readAllBytes(target.resolve("b")));
    assertFalse(
        Files.getAttribute(target.resolve("a"), "unix:ino")
            .equals(Files.getAttribute(target.resolve("b"), "unix:ino")));
  }

  @Test
  void tarFilesHaveAttributesAndLinksAsOtherProgramsReadThem() throws Exception {
    List<String> unpack = List.of("tar", "--xattrs", "--xattrs-include=*", "--acls", "-xpf");
    Path source = Files.createDirectory(folder.resolve("s"));
    new RichTree(Seeds.generator(11), RichTree.isRoot()).fill(source, 40);
    RichTree.set(Files.write(source.resolve("odd"), new byte[1]), "user.a=b%=", new byte[] {10});
    DirEntry root = root(repository.snapshot(source).manifest());
    Path archive = folder.resolve("archive.tar");
    RestoreResult result;
    try (OutputStream out = Files.newOutputStream(archive)) {
      result =
          new Restorer(repository.repository)
              .restore(
                  root,
                  new RestoreTarget.Tar(out, false),
                  RestoreOptions.DEFAULTS,
                  RestoreListener.NONE);
    }
    assertEquals(List.of(), result.issues());
    Path target = Files.createDirectory(folder.resolve("t"));
    List<String> command = new ArrayList<>(unpack);
    command.addAll(List.of(archive.toString(), "-C", target.toString()));
    Process tar = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tar.waitFor(), said);
    assertEquals(withoutHoles(RichTree.describe(source)), withoutHoles(RichTree.describe(target)));
  }

  /// What an archive says of files below the root, which it does not say anything of.
  private static Map<String, String> withoutHoles(Map<String, String> described) {
    Map<String, String> plain = new TreeMap<>(described);
    plain.remove("");
    plain.replaceAll((name, text) -> text.replace(" holes", ""));
    return plain;
  }

  @Test
  void zipFilesTellWhatTheyHaveNoPlaceFor() throws IOException {
    Path source = Files.createDirectory(folder.resolve("s"));
    Path one = Files.write(source.resolve("a"), new byte[] {1, 2, 3});
    RichTree.set(one, "user.a", new byte[] {1});
    Files.createLink(source.resolve("b"), one);
    Path sub = Files.createDirectory(source.resolve("d"));
    RichTree.set(sub, "user.long", new byte[3000]);
    DirEntry root = root(repository.snapshot(source).manifest());
    RestoreTarget zip = new RestoreTarget.Zip(new ByteArrayOutputStream(), true);
    RestoreResult told =
        new Restorer(repository.repository)
            .restore(root, zip, RestoreOptions.DEFAULTS, RestoreListener.NONE);
    assertEquals(
        Map.of(RestoreIssue.Kind.ATTRIBUTES, 3L, RestoreIssue.Kind.LINK, 1L), told.issueCounts());
    assertEquals(0, told.failures());
    RestoreResult off =
        new Restorer(repository.repository)
            .restore(
                root,
                new RestoreTarget.Zip(new ByteArrayOutputStream(), true),
                with(AttributeOptions.NONE, RestoreOptions.DEFAULTS.writing(), false),
                RestoreListener.NONE);
    assertEquals(List.of(), off.issues());
  }

  private static Set<String> rawNames(Path folder) throws IOException {
    int fd = Posix.openat(Posix.AT_FDCWD, RichTree.raw(folder), Posix.O_DIRECTORY, 0);
    try {
      Set<String> names = new TreeSet<>();
      Posix.list(fd, (name, kind) -> names.add(RawText.decode(name)));
      return names;
    } finally {
      Posix.close(fd);
    }
  }

  @Test
  void namesThatAreNoTextComeBack() throws IOException {
    Path source = Files.createDirectory(folder.resolve("s"));
    Set<String> names = Set.of("n\udcffe", "n\udcfee", "\udc80".repeat(255), "\udcc3", "d\udcff");
    int fd = Posix.openat(Posix.AT_FDCWD, RichTree.raw(source), Posix.O_DIRECTORY, 0);
    try {
      for (String name : names) {
        byte[] raw = RawText.encode(name);
        if (name.startsWith("d")) {
          PosixChanges.mkdirat(fd, raw, 0700);
        } else {
          Posix.close(Posix.openat(fd, raw, Posix.O_CREAT | Posix.O_WRONLY, 0640));
        }
      }
    } finally {
      Posix.close(fd);
    }
    SnapshotResult first = repository.snapshot(source);
    assertEquals(NotKept.NOTHING, first.notKept());
    Path target = folder.resolve("t");
    assertEquals(List.of(), restore(root(first.manifest()), target).issues());
    assertEquals(names, rawNames(target));
    // They are found again in the last snapshot, and in the target.
    SnapshotManifest second = repository.snapshot(source).manifest();
    assertEquals(0, second.stats().nonCachedFiles());
    assertEquals(root(first.manifest()), root(second));
    RestoreOptions again = with(AttributeOptions.DEFAULTS, RestoreOptions.DEFAULTS.writing(), true);
    assertEquals(4, restore(root(second), target, again).stats().skipped());
  }
}
