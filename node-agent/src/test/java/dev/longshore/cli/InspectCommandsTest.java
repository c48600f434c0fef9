package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InspectCommandsTest extends CommandLineCase {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)? UTC";

  private Created created = new Created("", "");

  @BeforeEach
  void backUp() throws IOException {
    createRepository();
    Files.createDirectories(tree());
    Files.writeString(tree().resolve("text"), "a text, more than once; ".repeat(20));
    created = snapshot();
  }

  @Test
  void contentsAreListed() throws IOException {
    String ids = repo.run("content", "list");
    assertContains(created.root() + "\n", ids);
    assertMatches(
        "([g-z]?[0-9a-f]{32} \\d+ " + TIME + " [pq][0-9a-f]+-s[0-9a-f]+ \\d+\\+\\d+ \\S.*?\n)+",
        repo.run("--timezone=utc", "content", "list", "-l"));
    String directories = repo.run("content", "list", "--prefix=k");
    assertEquals(created.root() + "\n", directories);
    assertEquals(1, lines(repo.run("content", "list", "--non-prefixed")));
    assertMatches(".*\nTotal: \\d+ contents, \\d+ total size\n", repo.run("content", "list", "-s"));
    String json = checkedJson(repo.run("content", "list", "--json", "--prefix=k"));
    assertMatches(
        "\\[\n \\{\"packFile\":\"q\\S+\",\"time\":\\d+,\"originalLength\":\\d+,\"length\":\\d+,"
            + "\"packOffset\":\\d+,(\"compression\":\\d+,)?\"contentID\":\""
            + created.root()
            + "\",\"deleted\":false,\"formatVersion\":\\d+\\}\n\\]",
        json);
    fails(ExitCode.USAGE, "content", "list", "--prefixed", "--non-prefixed");
  }

  @Test
  void contentsAreCountedVerifiedAndShown() throws IOException {
    assertMatches(
        "Count: \\d+\nTotal Bytes: .*Average: .*Histogram:\n\n.*between 0 B and 10 B.*",
        repo.run("content", "stats"));
    OwnRepo.Outcome verify = repo.tryRun("content", "verify", "--full");
    assertEquals(0, verify.status(), verify.err());
    assertMatches(
        ".*verifyCounters: \\{\"verifiedContents\":\\d+,\"totalErrorCount\":0,.*", verify.err());
    verify = repo.tryRun("content", "verify", "--prefix=" + created.root().substring(0, 12));
    assertEquals(0, verify.status(), verify.err());
    assertContains("{\"verifiedContents\":1,", verify.err());
    assertContains("kopia:directory", repo.run("content", "show", created.root()));
    assertContains("\n  \"stream\": ", repo.run("content", "show", "-j", created.root()));
    fails(ExitCode.USAGE, "content", "show", "not-an-id");
    fails(ExitCode.NOT_FOUND, "content", "show", "0123456789abcdef0123456789abcdef");
  }

  @Test
  void blobsAreListedCountedAndShown() throws IOException {
    String list = repo.run("--timezone=utc", "blob", "list");
    assertMatches("(\\S+ +\\d+ " + TIME + "\n)+", list);
    assertContains("kopia.repository ", list);
    assertEquals(1, lines(repo.run("blob", "list", "--prefix=p")));
    assertFalse(repo.run("blob", "list", "--data-only").contains("kopia."));
    String json = checkedJson(repo.run("blob", "list", "--json", "--prefix=kopia.repository"));
    assertMatches(
        "\\[\n \\{\"id\":\"kopia.repository\",\"length\":\\d+,\"timestamp\":\"\\S+\"\\}\n\\]",
        json);
    assertMatches("Count: \\d+\nTotal: .*Average: .*Histogram:.*", repo.run("blob", "stats"));
    assertContains("\"tool\"", repo.run("blob", "show", "kopia.repository"));
    fails(ExitCode.NOT_FOUND, "blob", "show", "pabsent");
  }

  @Test
  void blobsAreDeletedOnlyWhenTheUserSaidSo() {
    String pack = repo.run("blob", "list", "--prefix=p").split(" ", 2)[0];
    fails(ExitCode.USAGE, "blob", "delete", pack);
    assertEquals(1, lines(repo.run("blob", "list", "--prefix=p")));
    repo.run("blob", "delete", pack, "--dangerous-commands=enabled");
    assertEquals("", repo.run("blob", "list", "--prefix=p"));
  }

  @Test
  void indexesAreListedAndInspected() throws IOException {
    String list = repo.run("--timezone=utc", "index", "list", "--summary");
    assertMatches("(xn0_\\S+ +\\d+ " + TIME + " \\S+\n)+total \\d+ indexes\n", list);
    checkedJson(repo.run("index", "list", "--json"));
    String entries = repo.run("index", "inspect", "--active");
    assertContains(" " + created.root() + " created ", entries);
    String one = repo.run("index", "inspect", "--active", "--content-id=" + created.root());
    assertEquals(1, lines(one));
    assertContains("Current Epoch: 0", repo.run("index", "epoch", "list"));
    fails(ExitCode.USAGE, "index", "inspect");
    fails(ExitCode.NOT_FOUND, "index", "inspect", "xn0_absent");
  }

  @Test
  void manifestsAreListedShownAndDeleted() throws IOException {
    String list = repo.run("manifest", "list", "--filter=type:snapshot");
    assertMatches(
        created.id() + " +\\d+ .* type:snapshot hostname:host path:\\S+ username:user\n", list);
    checkedJson(repo.run("manifest", "list", "--json"));
    String shown = repo.run("manifest", "show", created.id());
    assertContains("// id: " + created.id() + "\n", shown);
    assertContains("// label type:snapshot\n", shown);
    checkedJson(shown.substring(shown.indexOf("\n{") + 1));
    fails(ExitCode.NOT_FOUND, "manifest", "show", "0123456789abcdef0123456789abcdef");
    fails(ExitCode.USAGE, "manifest", "delete", created.id());
    repo.run("manifest", "delete", created.id(), "--dangerous-commands=enabled");
    assertEquals("", repo.run("manifest", "list", "--filter=type:snapshot"));
  }

  @Test
  void finishedSessionsLeaveNoMarkers() {
    assertEquals("", repo.run("session", "list"));
  }

  @Test
  void maintenanceTellsOwnerAndSchedule() throws IOException {
    String info = repo.run("maintenance", "info");
    assertMatches(
        "Owner: user@host\nQuick Cycle:\n  scheduled: \\S+\n.*Full Cycle:\n  scheduled: \\S+\n.*"
            + "Log Retention:\n.*Recent Maintenance Runs:\n.*",
        info);
    String json = checkedJson(repo.run("maintenance", "info", "--json"));
    assertContains("\"owner\":\"user@host\"", json);
    assertContains("\"schedule\":{", json);
  }

  @Test
  void cacheCanBeClearedAtAnyTime() {
    String path = repo.run("cache", "info", "--path").strip();
    assertEquals(folder.resolve("home/cache").toString(), path);
    repo.run("cache", "info");
    repo.run("cache", "clear");
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    assertTrue(Files.exists(store()));
  }
}
