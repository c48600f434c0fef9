package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotCommandsTest extends CommandLineCase {
  private Created created = new Created("", "");

  @BeforeEach
  void backUp() throws IOException {
    createRepository();
    SampleTree.make(tree(), 11, 1 << 20);
    created = snapshot();
  }

  private Set<String> packs() throws IOException {
    try (Stream<Path> files = Files.walk(store().resolve("p"))) {
      return files
          .map(Path::toString)
          .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void unchangedTreeIsNotReadAgain() throws IOException {
    Set<String> packs = packs();
    OwnRepo.Outcome outcome = repo.tryRun("snapshot", "create", tree().toString());
    Created second = snapshot(outcome);
    assertEquals(created.root(), second.root());
    assertFalse(created.id().equals(second.id()));
    assertContains("Hashed 0 files (0 B)", outcome.err());
    assertEquals(packs, packs(), "no data is written twice");
    OwnRepo.Outcome forced =
        repo.tryRun("snapshot", "create", "--force-hash=100", tree().toString());
    assertEquals(created.root(), snapshot(forced).root());
    assertFalse(forced.err().contains("Hashed 0 files"), forced.err());
    assertEquals(packs, packs());
  }

  @Test
  void listShowsKopiasColumns() {
    snapshot();
    String list = repo.run("--timezone=utc", "snapshot", "list");
    assertMatches(
        "user@host:\\S+tree\n"
            + "  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC "
            + created.root()
            + " [0-9.]+ MB drwx\\S+ files:\\d+ dirs:\\d+"
            + " \\(latest-1..2,hourly-1,daily-1,weekly-1,monthly-1,annual-1\\)\n"
            + "  \\+ 1 identical snapshots until .* UTC\n",
        list);
    String single = repo.run("snapshot", "list", "-l", "-m", "--no-retention", tree().toString());
    assertEquals(3, lines(single));
    assertContains(" manifest:" + created.id() + " ", single);
    assertEquals("", repo.run("snapshot", "list", "/elsewhere"));
  }

  @Test
  void listAsJsonHasARowForEachSnapshot() throws IOException {
    Created second = snapshot();
    String json = checkedJson(repo.run("snapshot", "list", "--json"));
    assertMatches(
        "\\[\n \\{\"id\":\"" + created.id() + ".*,\n \\{\"id\":\"" + second.id() + ".*\\}\n\\]",
        json);
    assertContains("\"source\":{\"host\":\"host\",\"userName\":\"user\",\"path\":\"", json);
    assertContains("\"retentionReason\":[\"latest-1\"", json);
    assertContains("\"stats\":{", json);
    assertEquals("[\n]", repo.run("snapshot", "list", "--json", "/elsewhere"));
  }

  @Test
  void listTellsWhatEachSnapshotAdded() throws IOException {
    Files.writeString(tree().resolve("one-more"), "just this");
    snapshot();
    String json = checkedJson(repo.run("snapshot", "list", "--json", "--storage-stats"));
    assertContains(
        "\"storageStats\":{\"newData\":{\"objectBytes\":9,\"originalContentBytes\":9,"
            + "\"packedContentBytes\":37,\"fileObjects\":1,\"dirObjects\":1,\"contents\":2},",
        json);
    assertContains(
        " new-data:37 B new-files:1 new-dirs:1 compression:0% ",
        repo.run("snapshot", "list", "--storage-stats"));
  }

  @Test
  void createAsJsonPrintsTheManifest() throws IOException {
    OwnRepo.Outcome outcome =
        repo.tryRun("snapshot", "create", "--json", "--tags=kind:test", tree().toString());
    assertEquals(0, outcome.status(), outcome.err());
    String json = checkedJson(outcome.out());
    assertContains("\"rootEntry\":{", json);
    assertContains("\"obj\":\"" + created.root() + "\"", json);
    assertContains("\"tags\":{\"tag:kind\":\"test\"}", json);
    assertFalse(json.contains("\"stats\":"), json);
    assertEquals(3, lines(repo.run("snapshot", "list", "--json", "--tags=kind:test")));
  }

  @Test
  void restoreBringsTheTreeBack() throws IOException {
    String target = folder.resolve("restored").toString();
    OwnRepo.Outcome outcome = repo.tryRun("snapshot", "restore", created.id(), target);
    assertEquals(0, outcome.status(), outcome.err());
    assertContains("2 symbolic links", outcome.err());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(Path.of(target)));
    repo.run("restore", created.root() + "/a/b/c", folder.resolve("part").toString());
    assertEquals(
        SampleTree.describe(tree().resolve("a/b/c")), SampleTree.describe(folder.resolve("part")));
    repo.run("restore", created.root() + "/random.bin", folder.resolve("file").toString());
    assertArrayEquals(
        Files.readAllBytes(tree().resolve("random.bin")),
        Files.readAllBytes(folder.resolve("file")));
  }

  @Test
  void restoreByPathTakesTheLatestSnapshotAndTheOriginalPlace() throws IOException {
    SampleTree.change(tree(), 3);
    snapshot();
    var wanted = SampleTree.describe(tree());
    repo.run("restore", tree().toString(), folder.resolve("elsewhere").toString());
    assertEquals(wanted, SampleTree.describe(folder.resolve("elsewhere")));
    Files.delete(tree().resolve("random.bin"));
    Files.delete(tree().resolve("link"));
    repo.run("restore", tree().toString());
    assertEquals(wanted, SampleTree.describe(tree()));
    fails(ExitCode.NOT_FOUND, "restore", "/never/backed/up", folder.resolve("x").toString());
  }

  @Test
  void refusedRestoreLeavesTheTargetAlone() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "mine");
    fails(ExitCode.USAGE, "restore", "--mode=zap", created.id(), precious.toString());
    assertContains(
        "--parallel", fails(ExitCode.USAGE, "restore", "--parallel=0", created.id(), "x"));
    assertEquals("mine", Files.readString(precious));
  }

  @Test
  void restoreToArchives() throws IOException {
    for (String name : new String[] {"t.tar", "t.tgz", "t.zip"}) {
      repo.run("restore", created.root(), folder.resolve(name).toString());
    }
    assertTrue(Files.size(folder.resolve("t.tgz")) < Files.size(folder.resolve("t.tar")));
    try (var zip = new java.util.zip.ZipFile(folder.resolve("t.zip").toFile())) {
      byte[] bytes = zip.getInputStream(zip.getEntry("random.bin")).readAllBytes();
      assertArrayEquals(Files.readAllBytes(tree().resolve("random.bin")), bytes);
    }
  }

  @Test
  void verifyCountsWhatItSaw() throws IOException {
    String json =
        checkedJson(repo.run("snapshot", "verify", "--verify-files-percent=100", "--json"));
    assertEquals(1, lines(json), "one line, as Kopia prints it");
    assertContains("\"errorCount\":0", json);
    assertFalse(json.contains("\"readFileCount\":0,"), json);
    assertContains("\"readFileCount\":0,", repo.run("snapshot", "verify", "--json", created.id()));
    fails(ExitCode.NOT_FOUND, "snapshot", "verify", "0123456789abcdef0123456789abcdef");
    fails(ExitCode.USAGE, "snapshot", "verify", "--verify-files-percent=101");
    assertContains("--parallel", fails(ExitCode.USAGE, "snapshot", "verify", "--parallel=-1"));
  }

  @Test
  void deleteAsksForConfirmation() {
    OwnRepo.Outcome dry = repo.tryRun("snapshot", "delete", created.id());
    assertEquals(0, dry.status());
    assertContains("Would delete snapshot " + created.id(), dry.err());
    assertContains(created.root(), repo.run("snapshot", "list"));
    repo.run("snapshot", "delete", created.root(), "--delete");
    assertEquals("", repo.run("snapshot", "list"));
    fails(ExitCode.NOT_FOUND, "snapshot", "delete", created.id(), "--delete");
    snapshot();
    repo.run("snapshot", "delete", "--all-snapshots-for-source", tree().toString(), "--delete");
    assertEquals("", repo.run("snapshot", "list"));
  }

  @Test
  void pinnedSnapshotsDoNotExpire() {
    repo.run("policy", "set", "--global", "--keep-latest=1", "--keep-hourly=0", "--keep-daily=0");
    repo.run("policy", "set", "--global", "--keep-weekly=0", "--keep-monthly=0");
    repo.run("policy", "set", "--global", "--keep-annual=0");
    repo.run("snapshot", "pin", "--add=legal hold", created.id());
    assertContains(" pins:legal hold", repo.run("snapshot", "list"));
    snapshot();
    String list = repo.run("snapshot", "list", "-l");
    assertEquals(3, lines(list), list);
    OwnRepo.Outcome dry = repo.tryRun("snapshot", "expire", "--all");
    assertContains("Nothing to delete", dry.err());

    String id = manifestIds().getFirst();
    repo.run("snapshot", "pin", "--remove=legal hold", id);
    dry = repo.tryRun("snapshot", "expire", tree().toString());
    assertContains("1 snapshot(s)", dry.err());
    assertEquals(2, manifestIds().size());
    repo.run("snapshot", "expire", tree().toString(), "--delete");
    assertEquals(1, manifestIds().size());
    fails(ExitCode.USAGE, "snapshot", "pin", id);
    fails(ExitCode.USAGE, "snapshot", "expire");
  }

  private java.util.List<String> manifestIds() {
    return java.util.regex.Pattern.compile("\"id\":\"([0-9a-f]+)\"")
        .matcher(repo.run("snapshot", "list", "--json"))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void estimateCountsWithoutWriting() throws IOException {
    Set<String> packs = packs();
    repo.run("policy", "set", tree().toString(), "--add-ignore=*.img");
    String estimate = repo.run("snapshot", "estimate", tree().toString());
    assertMatches(
        "Snapshot includes 49 file\\(s\\), total size [0-9.]+ MB\n.*"
            + "Snapshot excludes 2 file\\(s\\), total size .*"
            + "Snapshot excludes no directories.\n.*"
            + "Estimated upload time: \\S+ at 10 Mbit/s\n",
        estimate);
    assertEquals(packs, packs());
  }

  @Test
  void standardInputBecomesAFile() throws IOException {
    byte[] dump = "a dump of a database\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    Created made =
        snapshot(
            repo.tryRun(
                new ByteArrayInputStream(dump),
                "snapshot",
                "create",
                "--stdin-file=dump.sql",
                "/dumps"));
    assertEquals("dump.sql\n", repo.run("ls", made.root()));
    assertArrayEquals(dump, repo.tryRun("show", made.root() + "/dump.sql").bytes());
    assertContains("user@host:/dumps\n", repo.run("snapshot", "list"));
    assertContains("\"manual\":true", repo.run("policy", "show", "--json", "/dumps"));
  }

  @Test
  void sourceAndTimesCanBeOverridden() throws IOException {
    Created other =
        snapshot(
            repo.tryRun(
                "snapshot",
                "create",
                "--override-source=ann@mars:/data",
                "--start-time=2020-02-03 04:05:06 UTC",
                "--end-time=2020-02-03 04:06:06 UTC",
                "--description=of old",
                tree().toString()));
    assertEquals(created.root(), other.root());
    assertFalse(repo.run("snapshot", "list").contains("mars"));
    assertMatches(
        "ann@mars:/data\n  2020-02-03 04:05:06 UTC .*",
        repo.run("--timezone=utc", "snapshot", "list", "--all"));
    assertContains(
        "\"description\":\"of old\"", repo.run("snapshot", "list", "--json", "ann@mars:/data"));
  }

  @Test
  void oneBadSourceDoesNotKeepTheOthersFromTheirTurn() throws IOException {
    Path second = Files.createDirectories(folder.resolve("second"));
    OwnRepo.Outcome outcome = repo.tryRun("snapshot", "create", "/no/such/path", second.toString());
    assertEquals(ExitCode.FAILED.number(), outcome.status(), outcome.err());
    assertContains("/no/such/path", outcome.err());
    assertContains("second", repo.run("snapshot", "list"));
    fails(ExitCode.USAGE, "snapshot", "create");
    fails(ExitCode.USAGE, "snapshot", "create", "--all", second.toString());
  }

  @Test
  void allTakesEverySourceOfThisClient() throws IOException {
    Path second = Files.createDirectories(folder.resolve("second"));
    Files.writeString(second.resolve("file"), "one");
    snapshot(repo.tryRun("snapshot", "create", second.toString()));
    Files.writeString(second.resolve("file"), "two!");
    OwnRepo.Outcome outcome = repo.tryRun("snapshot", "create", "--all");
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals(4, manifestIds().size());
  }

  @Test
  void listOfADirectoryShowsNamesOrDetails() {
    String names = repo.run("ls", created.root());
    assertTrue(names.startsWith("a\n"), names);
    assertContains("text.txt\n", names);
    assertEquals(names, repo.run("list", created.id()));
    String all = repo.run("ls", "-r", created.root());
    assertContains(created.root() + "/a/b/c/d/large.bin\n", all);
    String details = repo.run("--timezone=utc", "ls", "-l", created.root());
    assertMatches(
        ".*-r-xr----- {12}1 2023-11-14 22:\\d\\d:\\d\\d UTC [0-9a-f]{32}   one byte\n.*", details);
    assertMatches(".*d\\S{9} +\\d+ \\S+ \\S+ UTC k[0-9a-f]{32}  a/\n.*", details);
    assertMatches(".*L\\S{9} .* link\n.*", details);
    assertContains("large.bin\n", repo.run("ls", created.root() + "/a/b/c/d"));
    assertContains(
        "no entry absent in " + created.id() + "/a/absent",
        fails(ExitCode.NOT_FOUND, "ls", created.id() + "/a/absent"));
    assertContains("repo show", fails(ExitCode.USAGE, "ls", created.root() + "/text.txt"));
  }

  @Test
  void showPrintsTheBytesOfAFile() throws IOException {
    OwnRepo.Outcome shown = repo.tryRun("show", created.root() + "/a/b/c/d/large.bin");
    assertEquals(0, shown.status(), shown.err());
    assertArrayEquals(Files.readAllBytes(tree().resolve("a/b/c/d/large.bin")), shown.bytes());
    assertContains("{\"stream\":\"kopia:directory\"", repo.run("show", created.root()));
  }

  @Test
  void attributesAreKeptShownAndLeftOut() throws IOException {
    Path source = Files.createDirectory(folder.resolve("with-attributes"));
    Path file = Files.writeString(source.resolve("f"), "abc");
    var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    try {
      view.write("colour", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    } catch (IOException e) {
      assumeTrue(false, "no extended attributes here");
    }
    String json = repo.run("snapshot", "create", "--json", "--attributes", source.toString());
    String root = json.replaceAll("(?s).*\"obj\":\"([^\"]+)\".*", "$1");
    assertMatches("-rw\\S+@ +3 .* f\n", repo.run("ls", "-l", root));
    assertContains(
        "\"longshore\":{\"attributes\":{\"user.colour\":\"AQID\"}}",
        checkedJson(repo.run("ls", "--json", root)));
    Path target = folder.resolve("attributes-restored");
    repo.run("restore", root, target.toString());
    assertEquals(
        List.of("colour"),
        Files.getFileAttributeView(target.resolve("f"), UserDefinedFileAttributeView.class).list());
    Path bare = folder.resolve("attributes-left");
    repo.run("restore", "--no-attributes", root, bare.toString());
    assertEquals(
        List.of(),
        Files.getFileAttributeView(bare.resolve("f"), UserDefinedFileAttributeView.class).list());
    OwnRepo.Outcome without = repo.tryRun("snapshot", "create", "--json", source.toString());
    assertFalse(without.out().contains("\"obj\":\"" + root), without.out());
    assertContains("With --attributes, ", without.err());
    assertNotEquals(
        0,
        repo.tryRun("snapshot", "create", "--attribute-failures=maybe", source.toString())
            .status());
  }

  @Test
  void diffNamesWhatIsAddedChangedAndRemoved() throws IOException {
    SampleTree.change(tree(), 4);
    Created second = snapshot();
    String diff = repo.run("diff", created.root(), second.root());
    assertContains("added file ./a/new (70000 bytes)\n", diff);
    assertContains("removed file ./a/b/small-7 (", diff);
    assertContains("changed ./text.txt at ", diff);
    assertFalse(diff.contains("random.bin"), diff);
    checkedJson(diff.substring(diff.lastIndexOf("\n{") + 1));
    String stats = repo.run("diff", "--stats-only", created.root(), second.root());
    assertEquals(diff.substring(diff.lastIndexOf("\n{") + 1), stats);
    fails(ExitCode.USAGE, "diff", created.root() + "/text.txt", second.root() + "/text.txt");
  }

  @Test
  void aPathThatWasBackedUpStandsForItsLatestSnapshot() {
    assertEquals(repo.run("ls", created.id() + "/"), repo.run("ls", created.id()));
    String byPath = repo.run("ls", tree().toString());
    assertEquals(
        repo.run("ls", created.id()).replace(created.id() + "/", ""),
        byPath.replace(tree() + "/", ""));
    repo.run("diff", created.id(), "user@host:" + tree());
    assertContains("no snapshot holds", fails(ExitCode.NOT_FOUND, "ls", "/never/backed/up"));
    assertContains("no snapshot holds", fails(ExitCode.NOT_FOUND, "show", "/never/backed/up"));
  }
}
