package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.format.compress.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What we write the real Kopia verifies, restores, continues and maintains; and the other way
/// round.
///
/// Each algorithm meets each format version and several values of every other setting; a run with
/// `-Dlongshore.interop.rounds=N` mixes them anew N times.
class InteropIT {
  private static final String PASSWORD = "interop pässword";
  private static final Pattern ROOT = Pattern.compile("with root (\\S+) and ID (\\S+)");
  private static final int[] ECC = {0, 0, 2, 0, 7, 0, 20};

  @TempDir Path folder;

  /// A way to make a repository.
  record Settings(
      String hash, String cipher, String splitter, String compressor, int ecc, int version) {
    /// In format 1 the hash covers compressed bytes, which depend on the encoder.
    boolean hashesPlainBytes() {
      return version > 1 || compressor.equals("none");
    }

    List<String> createFlags() {
      return List.of(
          "--block-hash=" + hash,
          "--encryption=" + cipher,
          "--object-splitter=" + splitter,
          "--ecc-overhead-percent=" + (version == 1 ? 0 : ecc),
          "--format-version=" + version);
    }
  }

  static Stream<Settings> settings() {
    List<String> splitters = SplitterAlgorithm.all().stream().map(SplitterAlgorithm::name).toList();
    List<String> compressors = new ArrayList<>(List.of("none"));
    Arrays.stream(Compression.values())
        .filter(c -> c.writable() && c != Compression.LZ4)
        .map(Compression::label)
        .forEach(compressors::add);
    List<Settings> made = new ArrayList<>();
    int rounds = Integer.getInteger("longshore.interop.rounds", 1);
    int i = 0;
    for (int round = 0; round < rounds; round++) {
      for (HashAlgorithm hash : HashAlgorithm.values()) {
        for (CipherAlgorithm cipher : CipherAlgorithm.values()) {
          made.add(
              new Settings(
                  hash.wireName(),
                  cipher.wireName(),
                  splitters.get((i * 5 + round) % splitters.size()),
                  compressors.get((i * 7 + round) % compressors.size()),
                  ECC[(i + round) % ECC.length],
                  1 + (i + round) % 3));
          i++;
        }
      }
    }
    return made.stream();
  }

  private Kopia kopia() {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE names no Kopia");
    return new Kopia(folder.resolve("kopia-home"), PASSWORD);
  }

  private OwnRepo repo() throws IOException {
    return new OwnRepo(Files.createDirectories(folder.resolve("own-home")), PASSWORD);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void kopiaTakesOverWhatWeWrote(Settings settings) throws IOException {
    Kopia kopia = kopia();
    OwnRepo repo = repo();
    Path store = folder.resolve("store");
    Path tree = folder.resolve("tree");
    SampleTree.make(tree, settings.hashCode(), 5 << 20);
    create(repo, settings, store);
    setCompression(repo, settings, tree);
    String root = root(repo.tryRun("snapshot", "create", tree.toString()).err());

    kopia.connect(store);
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    kopia.run("content", "verify", "--full");
    kopia.run("restore", root, folder.resolve("kopia-restored").toString());
    assertEquals(SampleTree.describe(tree), SampleTree.describe(folder.resolve("kopia-restored")));

    Set<String> packs = packs(store);
    Kopia.Outcome again = kopia.tryRun("snapshot", "create", "--force-hash=100", tree.toString());
    assertEquals(0, again.status(), again.err());
    if (settings.hashesPlainBytes()) {
      assertEquals(root, root(again.err()), "the same tree has the same root object");
      assertEquals(packs, packs(store), "kopia writes no data that we have written");
    }

    SampleTree.change(tree, 1);
    String changed = root(kopia.tryRun("snapshot", "create", tree.toString()).err());
    kopia.run("maintenance", "run", "--full", "--safety=none");
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    repo.run("content", "verify", "--full");
    repo.run("restore", changed, folder.resolve("own-restored").toString());
    assertEquals(SampleTree.describe(tree), SampleTree.describe(folder.resolve("own-restored")));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void weTakeOverWhatKopiaWrote(Settings settings) throws IOException {
    Kopia kopia = kopia();
    OwnRepo repo = repo();
    Path store = folder.resolve("store");
    Path tree = folder.resolve("tree");
    SampleTree.make(tree, settings.hashCode(), 5 << 20);
    kopia.create(store, settings.createFlags());
    kopia.run("policy", "set", tree.toString(), "--compression=" + settings.compressor());
    String root = root(kopia.tryRun("snapshot", "create", tree.toString()).err());

    repo.connect(store);
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    repo.run("content", "verify", "--full");
    repo.run("restore", root, folder.resolve("own-restored").toString());
    assertEquals(SampleTree.describe(tree), SampleTree.describe(folder.resolve("own-restored")));

    Set<String> packs = packs(store);
    OwnRepo.Outcome again = repo.tryRun("snapshot", "create", "--force-hash=100", tree.toString());
    assertEquals(0, again.status(), again.err());
    if (settings.hashesPlainBytes()) {
      assertEquals(root, root(again.err()), "the same tree has the same root object");
      assertEquals(packs, packs(store), "we write no data that kopia has written");
    }

    SampleTree.change(tree, 1);
    String changed = root(repo.tryRun("snapshot", "create", tree.toString()).err());
    kopia.connect(store);
    kopia.run("maintenance", "run", "--full", "--safety=none");
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    kopia.run("content", "verify", "--full");
    kopia.run("restore", changed, folder.resolve("kopia-restored").toString());
    assertEquals(SampleTree.describe(tree), SampleTree.describe(folder.resolve("kopia-restored")));
  }

  private static void create(OwnRepo repo, Settings settings, Path store) {
    List<String> create =
        new ArrayList<>(
            List.of(
                "create",
                "filesystem",
                "--path=" + store,
                "--override-hostname=host",
                "--override-username=user"));
    create.addAll(settings.createFlags());
    repo.run(create.toArray(String[]::new));
  }

  private static void setCompression(OwnRepo repo, Settings settings, Path tree) {
    repo.run("policy", "set", tree.toString(), "--compression=" + settings.compressor());
  }

  private static String root(String err) {
    Matcher found = ROOT.matcher(err);
    assertTrue(found.find(), err);
    return found.group(1);
  }

  /// The data packs of a folder.
  private static Set<String> packs(Path store) throws IOException {
    Set<String> packs = new TreeSet<>();
    try (var files = Files.walk(store)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> store.relativize(file).toString().replace("/", ""))
          .filter(name -> name.startsWith("p"))
          .forEach(packs::add);
    }
    assertFalse(packs.isEmpty());
    return packs;
  }
}
