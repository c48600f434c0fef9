package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.testkit.LoopDevice;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Volumes out of snapshots, by the command line.
class VolumeCommandsTest extends CommandLineCase {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 24 * MIB;

  /// Exit status of a program that SIGKILL ended.
  private static final int KILLED = 137;

  private final byte[] bytes = new byte[SIZE];
  private String id = "";

  @BeforeEach
  void volume() throws IOException {
    assumeTrue(Posix.isAvailable());
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 5 * MIB, 17 * MIB, (byte) 0);
    createRepository();
    Files.write(tree(), bytes);
    id = snapshot().id();
  }

  private Path dirty(int size) throws IOException {
    byte[] dirty = new byte[size];
    Arrays.fill(dirty, (byte) 0xff);
    return Files.write(folder.resolve("dirty" + size), dirty);
  }

  @Test
  void imageFileIsTheVolume() throws IOException {
    Path image = folder.resolve("image");
    String json = checkedJson(repo.run("restore", id, image.toString(), "--mode=raw", "--json"));
    assertContains("\"size\":" + SIZE + ",", json);
    assertContains("\"complete\":true,\"unreadableCount\":0", json);
    assertArrayEquals(bytes, Files.readAllBytes(image));
    var again = repo.tryRun("restore", id, image.toString(), "--mode=raw", "--no-overwrite-files");
    assertEquals(ExitCode.FAILED.number(), again.status());
    assertContains("is there already", again.err());
  }

  @Test
  void onlyWhatDiffersIsWrittenInPlace() throws IOException {
    byte[] old = bytes.clone();
    old[3] ^= 1;
    old[SIZE - 1] ^= 1;
    Path image = Files.write(folder.resolve("image"), old);
    String json = repo.run("restore", id, image.toString(), "--mode=raw", "--in-place", "--json");
    assertArrayEquals(bytes, Files.readAllBytes(image));
    long written = Long.parseLong(json.replaceAll("(?s).*\"written\":([0-9]+),.*", "$1"));
    assertTrue(written > 0 && written < SIZE / 2, json);
  }

  @Test
  void surplusOfTheTargetIsZeroedOnDemand() throws IOException {
    Path image = dirty(SIZE + 1000);
    repo.run("restore", id, image.toString(), "--mode=raw", "--surplus=zero");
    assertArrayEquals(Arrays.copyOf(bytes, SIZE + 1000), Files.readAllBytes(image));
  }

  @Test
  void dirtyDeviceBecomesTheVolume() throws IOException {
    assumeTrue(LoopDevice.isAvailable(), "no loop devices here");
    try (LoopDevice device = LoopDevice.attach(dirty(SIZE + 512))) {
      repo.run("snapshot", "restore", id, device.path().toString());
      byte[] expected = Arrays.copyOf(bytes, SIZE + 512);
      Arrays.fill(expected, SIZE, SIZE + 512, (byte) 0xff);
      assertArrayEquals(expected, Files.readAllBytes(device.path()));
    }
    try (LoopDevice device = LoopDevice.attach(dirty(SIZE - 512))) {
      var small = repo.tryRun("restore", id, device.path().toString());
      assertEquals(ExitCode.FAILED.number(), small.status());
      assertContains("too few for the " + SIZE + " of the volume", small.err());
    }
  }

  @Test
  void nameOfTheTargetAsksForQcow2() throws IOException {
    Path image = folder.resolve("image.qcow2");
    repo.run("restore", id, image.toString());
    byte[] start = Arrays.copyOf(Files.readAllBytes(image), 8);
    assertArrayEquals(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}, start);
  }

  @Test
  void whatIsNoVolumeIsRefused() throws IOException {
    Path directory = Files.createDirectories(folder.resolve("files"));
    Files.writeString(directory.resolve("a"), "a");
    Files.writeString(directory.resolve("b"), "b");
    String other = snapshot(repo.tryRun("snapshot", "create", directory.toString())).id();
    Path image = folder.resolve("image");
    String err =
        failsInOneLine(ExitCode.NOT_FOUND, "restore", other, image.toString(), "--mode=raw");
    assertContains("is no volume", err);
    failsInOneLine(ExitCode.NOT_FOUND, "nbd", other);
    failsInOneLine(ExitCode.USAGE, "nbd", id, "--listen=nowhere");
  }

  @Test
  void killedRestoreIsCompletedByTheNext() throws IOException, InterruptedException {
    Path image = dirty(SIZE);
    long begin = System.nanoTime();
    ChildProgram whole = startRestore(image);
    assertEquals(0, whole.await(), whole.printed());
    long millis = (System.nanoTime() - begin) / 1_000_000;
    int killed = 0;
    for (int i = 0; i < 4; i++) {
      dirty(SIZE);
      // The first half of the time is the start of the program.
      killed += startRestore(image).killAfter(millis * (4 + i) / 8) == KILLED ? 1 : 0;
      repo.run("restore", id, image.toString(), "--mode=raw", "--in-place");
      assertArrayEquals(bytes, Files.readAllBytes(image));
    }
    assertTrue(killed > 0, "every restore was done before its kill");
  }

  private ChildProgram startRestore(Path image) throws IOException {
    return new ChildProgram(
        repo,
        folder.resolve("child.log"),
        "restore",
        id,
        image.toString(),
        "--mode=raw",
        "--surplus=leave");
  }

  @Test
  void servedVolumeCanBeReadBeforeItsRestore() throws IOException, InterruptedException {
    Path socket = folder.resolve("nbd.sock");
    ChildProgram server =
        new ChildProgram(
            repo, folder.resolve("nbd.log"), "nbd", id, "--socket=" + socket, "--json");
    try (SocketChannel channel = connect(socket, server);
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel))) {
      in.skipNBytes(18);
      out.writeInt(3);
      out.writeLong(0x49484156454f5054L);
      out.writeLong(1L << 32); // the export without a name
      assertEquals(SIZE, in.readLong());
      in.readShort();
      out.writeInt(0x25609513);
      out.writeInt(0);
      out.writeLong(7);
      out.writeLong(4L * MIB);
      out.writeInt(2 * MIB);
      assertEquals(0x67446698, in.readInt());
      assertEquals(0, in.readInt());
      assertEquals(7, in.readLong());
      assertArrayEquals(Arrays.copyOfRange(bytes, 4 * MIB, 6 * MIB), in.readNBytes(2 * MIB));
    } finally {
      server.killAfter(0);
    }
  }

  private static SocketChannel connect(Path socket, ChildProgram server)
      throws IOException, InterruptedException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    for (int i = 0; i < 300; i++) {
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
      } catch (IOException e) {
        channel.close();
        Thread.sleep(100);
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      }
    }
    channel.close();
    throw new IOException("no server: " + server.printed());
  }
}
