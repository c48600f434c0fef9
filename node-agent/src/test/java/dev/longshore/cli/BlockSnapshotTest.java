package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `snapshot create` of images of block devices, in blocks.
class BlockSnapshotTest extends CommandLineCase {
  private static final int MIB = 1 << 20;

  private final byte[] bytes = new byte[5 * MIB + 512];
  private Path image = Path.of("/nowhere");
  private Path changes = Path.of("/nowhere");

  @BeforeEach
  void prepare() throws IOException {
    createRepository();
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 2 * MIB, 3 * MIB, (byte) 0);
    image = folder.resolve("image");
    changes = folder.resolve("changes");
    Files.write(image, bytes);
  }

  private OwnRepo.Outcome create(String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "snapshot";
    all[1] = "create";
    all[2] = "--layout=blocks";
    all[3] = image.toString();
    System.arraycopy(more, 0, all, 4, more.length);
    return repo.tryRun(all);
  }

  private byte[] shown(Created snapshot) throws IOException {
    Path target = folder.resolve("restored-" + snapshot.id());
    repo.run("snapshot", "restore", snapshot.root(), target.toString());
    String name = repo.run("ls", snapshot.root()).strip();
    byte[] restored = Files.readAllBytes(target.resolve(name));
    return Arrays.copyOf(restored, bytes.length);
  }

  @Test
  void readsWhatAListNamesAndSaysSo() throws IOException {
    snapshot(create("--change-id=one"));
    bytes[4 * MIB + 3]++;
    Files.write(image, bytes);
    Files.writeString(changes, "{\"offset\":4194304,\"length\":512}\n\n");
    OwnRepo.Outcome outcome =
        create("--change-id=two", "--base=one", "--changed-blocks=" + changes);
    assertTrue(outcome.err().contains("Blocks: delta. Read 2 "), outcome.err());
    assertArrayEquals(bytes, shown(snapshot(outcome)));
    OwnRepo.Outcome json =
        create("--json", "--base=two", "--changed-blocks=" + changes, "--verify-delta=100");
    assertTrue(json.out().contains("\"longshore-block-mode\":\"delta\""), json.out());
    assertTrue(json.out().contains("\"bdev-source-size\":\"5243392\""), json.out());
  }

  @Test
  void aWrongListIsNotUsed() throws IOException {
    snapshot(create("--change-id=one"));
    bytes[0]++;
    Files.write(image, bytes);
    for (String line :
        new String[] {
          "{\"offset\":5243392,\"length\":1}",
          "{\"offset\":0}",
          "{\"offset\":-1,\"length\":5}",
          "[]",
          "x",
          "{\"offset\":0,\"length\":1}{}"
        }) {
      Files.writeString(changes, line + "\n");
      OwnRepo.Outcome outcome = create("--base=one", "--changed-blocks=" + changes);
      assertTrue(outcome.err().contains("hash-compare: "), line + outcome.err());
      assertTrue(outcome.err().contains("(INVALID_ARGUMENT)"), line + outcome.err());
      assertArrayEquals(bytes, shown(snapshot(outcome)), line);
    }
  }

  @Test
  void anIncompleteListIsFoundOut() throws IOException {
    snapshot(create("--change-id=one"));
    bytes[4 * MIB]++;
    Files.write(image, bytes);
    Files.writeString(changes, "");
    OwnRepo.Outcome outcome =
        create("--base=one", "--changed-blocks=" + changes, "--verify-delta=100");
    assertTrue(outcome.err().contains("does not name block 4"), outcome.err());
    assertArrayEquals(bytes, shown(snapshot(outcome)));
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    Files.writeString(changes, "");
    String path = image.toString();
    String said = refused("snapshot", "create", path, "--changed-blocks=" + changes);
    assertTrue(said.contains("needs --base"), said);
    refused("snapshot", "create", path, "--layout=qcow");
    refused("snapshot", "create", path, "--change-id=x");
    refused("snapshot", "create", path, "--layout=blocks", "--verify-delta=101");
    refused("snapshot", "create", path, "--layout=blocks", "--force-hash=5");
  }

  private String refused(String... command) {
    OwnRepo.Outcome outcome = repo.tryRun(command);
    assertEquals(ExitCode.USAGE.number(), outcome.status(), outcome.err());
    return outcome.err();
  }
}
