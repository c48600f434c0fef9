package dev.longshore.engine.block.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class NbdServerTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 12 * MIB - 512;
  private static final Duration PATIENCE = Duration.ofMillis(500);

  @TempDir Path folder;
  private final MemoryTree tree = new MemoryTree();
  private final byte[] bytes = new byte[SIZE];
  private final List<AutoCloseable> open = new ArrayList<>();
  private ObjectId damaged = ObjectId.direct(ContentId.of('x', new byte[16]));
  private SocketAddress address = new InetSocketAddress(0);

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(bytes);
    Arrays.fill(bytes, 3 * MIB, 6 * MIB, (byte) 0);
    System.arraycopy(bytes, 0, bytes, 8 * MIB, MIB);
    System.arraycopy(bytes, 0, bytes, 9 * MIB, MIB);
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < SIZE; at += MIB) {
      pieces.add(Arrays.copyOfRange(bytes, at, at + MIB));
    }
    BlockVolume volume = new BlockVolume("v", tree.object(pieces), SIZE, true);
    damaged = ObjectId.direct(idOf(ContentId.NO_PREFIX, pieces.get(10), 0, MIB));
    VolumeReader reader = new VolumeReader(tree, NbdServerTest::idOf, volume, folder, 3 * MIB);
    open.add(reader);
    address = listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), reader);
    address2 = listen(UnixDomainSocketAddress.of(folder.resolve("nbd.sock")), reader);
  }

  private SocketAddress address2 = new InetSocketAddress(0);

  private SocketAddress listen(SocketAddress at, VolumeReader reader) throws IOException {
    NbdServer server = NbdServer.listen(at, reader, "volume", PATIENCE);
    open.add(server);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            server.run();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    return server.address();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    assertFalse(Files.exists(folder.resolve("nbd.sock")));
  }

  private static ContentId idOf(char prefix, byte[] plain, int offset, int length) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(plain, offset, length);
      return ContentId.of(prefix, Arrays.copyOf(sha.digest(), 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A client by the protocol alone.
  private static final class Client implements AutoCloseable {
    final SocketChannel channel;
    final DataInputStream in;
    final DataOutputStream out;

    Client(SocketAddress address) throws IOException {
      channel =
          address instanceof UnixDomainSocketAddress
              ? SocketChannel.open(StandardProtocolFamily.UNIX)
              : SocketChannel.open();
      channel.connect(address);
      in = new DataInputStream(Channels.newInputStream(channel));
      out = new DataOutputStream(Channels.newOutputStream(channel));
      assertEquals(Nbd.MAGIC, in.readLong());
      assertEquals(Nbd.OPTION_MAGIC, in.readLong());
      assertEquals(3, in.readShort());
      out.writeInt(3);
    }

    void option(int option, byte[] data) throws IOException {
      ByteBuffer message = ByteBuffer.allocate(16 + data.length);
      out.write(
          message.putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.length).put(data).array());
    }

    /// The data of a reply of this type.
    ByteBuffer reply(int option, int type) throws IOException {
      assertEquals(Nbd.OPTION_REPLY_MAGIC, in.readLong());
      assertEquals(option, in.readInt());
      assertEquals(type, in.readInt());
      return ByteBuffer.wrap(in.readNBytes(in.readInt()));
    }

    void go(String name) throws IOException {
      option(Nbd.OPT_GO, goData(name));
      assertEquals(0, reply(Nbd.OPT_GO, Nbd.REP_INFO).getShort());
      assertEquals(3, reply(Nbd.OPT_GO, Nbd.REP_INFO).getShort());
      reply(Nbd.OPT_GO, Nbd.REP_ACK);
    }

    static byte[] goData(String name) {
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.allocate(6 + text.length).putInt(text.length).put(text).array();
    }

    Client structured() throws IOException {
      option(Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
      reply(Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ACK);
      byte[] context = Nbd.ALLOCATION.getBytes(StandardCharsets.US_ASCII);
      option(
          Nbd.OPT_SET_META_CONTEXT,
          ByteBuffer.allocate(12 + context.length)
              .putInt(0)
              .putInt(1)
              .putInt(context.length)
              .put(context)
              .array());
      assertEquals(1, reply(Nbd.OPT_SET_META_CONTEXT, Nbd.REP_META_CONTEXT).getInt());
      reply(Nbd.OPT_SET_META_CONTEXT, Nbd.REP_ACK);
      return this;
    }

    void request(int type, long cookie, long offset, int length) throws IOException {
      out.write(
          ByteBuffer.allocate(28)
              .putInt(Nbd.REQUEST_MAGIC)
              .putShort((short) 0)
              .putShort((short) type)
              .putLong(cookie)
              .putLong(offset)
              .putInt(length)
              .array());
    }

    /// The error of a simple reply.
    int simple(long cookie) throws IOException {
      assertEquals(Nbd.SIMPLE_REPLY_MAGIC, in.readInt());
      int error = in.readInt();
      assertEquals(cookie, in.readLong());
      return error;
    }

    byte[] read(long offset, int length) throws IOException {
      request(Nbd.CMD_READ, offset + 1, offset, length);
      assertEquals(0, simple(offset + 1));
      return in.readNBytes(length);
    }

    /// What came in chunks; the error if it ends with one.
    int chunks(long cookie, long offset, byte[] target) throws IOException {
      while (true) {
        assertEquals(Nbd.CHUNK_MAGIC, in.readInt());
        int flags = in.readShort();
        int type = Short.toUnsignedInt(in.readShort());
        assertEquals(cookie, in.readLong());
        ByteBuffer data = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        switch (type) {
          case Nbd.CHUNK_OFFSET_DATA -> {
            int at = (int) (data.getLong() - offset);
            data.get(target, at, data.remaining());
          }
          case Nbd.CHUNK_OFFSET_HOLE -> {
            int at = (int) (data.getLong() - offset);
            Arrays.fill(target, at, at + data.getInt(), (byte) 0);
          }
          case Nbd.CHUNK_ERROR -> {
            assertEquals(1, flags);
            return data.getInt();
          }
          default -> throw new IOException("chunk " + type);
        }
        if ((flags & 1) != 0) {
          return 0;
        }
      }
    }

    void assertLeft() {
      assertThrows(
          IOException.class,
          () -> {
            if (in.read() < 0) {
              throw new EOFException();
            }
          });
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Test
  void clientReadsTheVolumeAnywhere() throws IOException {
    Random random = new Random(2);
    for (SocketAddress at : List.of(address, address2)) {
      try (Client client = new Client(at)) {
        client.go("volume");
        for (int i = 0; i < 60; i++) {
          int from = random.nextInt(SIZE);
          int length = 1 + random.nextInt(Math.min(3 * MIB, SIZE - from));
          assertArrayEquals(
              Arrays.copyOfRange(bytes, from, from + length), client.read(from, length));
        }
        client.request(Nbd.CMD_DISC, 0, 0, 0);
        client.assertLeft();
      }
    }
  }

  @Test
  void clientReadsInChunksWithHoles() throws IOException {
    Random random = new Random(3);
    try (Client client = new Client(address).structured()) {
      client.go("");
      for (int i = 0; i < 60; i++) {
        int from = random.nextInt(SIZE);
        byte[] target = new byte[1 + random.nextInt(Math.min(8 * MIB, SIZE - from))];
        Arrays.fill(target, (byte) 0xff);
        client.request(Nbd.CMD_READ, i, from, target.length);
        assertEquals(0, client.chunks(i, from, target));
        assertArrayEquals(Arrays.copyOfRange(bytes, from, from + target.length), target);
      }
    }
  }

  @Test
  void manyRequestsInFlightAreAllAnswered() throws IOException {
    try (Client client = new Client(address)) {
      client.go("");
      for (int i = 0; i < 500; i++) {
        client.request(Nbd.CMD_READ, i, i * 4096L, 100);
      }
      boolean[] answered = new boolean[500];
      for (int i = 0; i < 500; i++) {
        assertEquals(Nbd.SIMPLE_REPLY_MAGIC, client.in.readInt());
        assertEquals(0, client.in.readInt());
        int cookie = (int) client.in.readLong();
        assertFalse(answered[cookie]);
        answered[cookie] = true;
        int at = cookie * 4096;
        assertArrayEquals(Arrays.copyOfRange(bytes, at, at + 100), client.in.readNBytes(100));
      }
    }
  }

  @Test
  void oldWayOfNamingTheExportWorks() throws IOException {
    try (Client client = new Client(address)) {
      client.option(Nbd.OPT_EXPORT_NAME, "volume".getBytes(StandardCharsets.UTF_8));
      assertEquals(SIZE, client.in.readLong());
      assertEquals(1 | 2 | 256, client.in.readShort());
      assertArrayEquals(Arrays.copyOf(bytes, 1000), client.read(0, 1000));
    }
    try (Client client = new Client(address)) {
      client.option(Nbd.OPT_EXPORT_NAME, "other".getBytes(StandardCharsets.UTF_8));
      client.assertLeft();
    }
  }

  @Test
  void listAndUnknownOptionsAreAnswered() throws IOException {
    try (Client client = new Client(address)) {
      client.option(Nbd.OPT_LIST, new byte[0]);
      ByteBuffer entry = client.reply(Nbd.OPT_LIST, Nbd.REP_SERVER);
      assertEquals("volume".length(), entry.getInt());
      client.reply(Nbd.OPT_LIST, Nbd.REP_ACK);
      client.option(5, new byte[0]);
      client.reply(5, Nbd.REP_ERR_UNSUP);
      client.option(Nbd.OPT_GO, Client.goData("other"));
      client.reply(Nbd.OPT_GO, Nbd.REP_ERR_UNKNOWN);
      client.option(Nbd.OPT_SET_META_CONTEXT, new byte[8]);
      client.reply(Nbd.OPT_SET_META_CONTEXT, Nbd.REP_ERR_INVALID);
      client.option(Nbd.OPT_GO, new byte[] {127, 0, 0, 0, 0, 0});
      client.reply(Nbd.OPT_GO, Nbd.REP_ERR_INVALID);
      client.option(Nbd.OPT_ABORT, new byte[0]);
      client.reply(Nbd.OPT_ABORT, Nbd.REP_ACK);
      client.assertLeft();
    }
  }

  @Test
  void holesAreTold() throws IOException {
    try (Client client = new Client(address).structured()) {
      client.go("");
      client.request(Nbd.CMD_BLOCK_STATUS, 7, 0, SIZE);
      assertEquals(Nbd.CHUNK_MAGIC, client.in.readInt());
      assertEquals(1, client.in.readShort());
      assertEquals(Nbd.CHUNK_BLOCK_STATUS, client.in.readShort());
      assertEquals(7, client.in.readLong());
      ByteBuffer extents = ByteBuffer.wrap(client.in.readNBytes(client.in.readInt()));
      assertEquals(1, extents.getInt());
      long at = 0;
      while (extents.hasRemaining()) {
        int length = extents.getInt();
        int state = extents.getInt();
        assertEquals(state != 0, at >= 3 * MIB && at < 6 * MIB, "state at " + at);
        at += length;
      }
      assertEquals(SIZE, at);
    }
  }

  @Test
  void whatWouldChangeTheVolumeIsRefused() throws IOException {
    try (Client client = new Client(address)) {
      client.go("");
      client.request(Nbd.CMD_WRITE, 1, 0, 100_000);
      client.out.write(new byte[100_000]);
      assertEquals(Nbd.EPERM, client.simple(1));
      client.request(Nbd.CMD_TRIM, 2, 0, 4096);
      assertEquals(Nbd.EPERM, client.simple(2));
      client.request(Nbd.CMD_WRITE_ZEROES, 3, 0, 4096);
      assertEquals(Nbd.EPERM, client.simple(3));
      client.request(Nbd.CMD_FLUSH, 4, 0, 0);
      assertEquals(0, client.simple(4));
      client.request(99, 5, 0, 0);
      assertEquals(Nbd.EINVAL, client.simple(5));
      assertArrayEquals(Arrays.copyOf(bytes, 4096), client.read(0, 4096));
    }
  }

  @Test
  void readsOutsideAreRefused() throws IOException {
    try (Client client = new Client(address)) {
      client.go("");
      long[][] ranges = {
        {SIZE, 1},
        {SIZE - 1, 2},
        {-1, 1},
        {Long.MAX_VALUE, 1},
        {Long.MIN_VALUE, 9},
        {0, 0},
        {0, 33 << 20},
        {0, -1},
        {8, Integer.MIN_VALUE}
      };
      for (long[] range : ranges) {
        client.request(Nbd.CMD_READ, 6, range[0], (int) range[1]);
        assertEquals(Nbd.EINVAL, client.simple(6));
      }
    }
  }

  @Test
  void damagedContentIsAnErrorOfItsReadsAlone() throws IOException {
    tree.damage(damaged);
    try (Client client = new Client(address)) {
      client.go("");
      client.request(Nbd.CMD_READ, 1, 10L * MIB + 5, 10);
      assertEquals(Nbd.EIO, client.simple(1));
      assertArrayEquals(Arrays.copyOf(bytes, 10), client.read(0, 10));
      // Begun well: there is no way to tell but to leave.
      client.request(Nbd.CMD_READ, 2, 9L * MIB, 2 * MIB);
      assertEquals(0, client.simple(2));
      assertEquals(MIB, client.in.readNBytes(2 * MIB).length);
    }
    try (Client client = new Client(address).structured()) {
      client.go("");
      client.request(Nbd.CMD_READ, 3, 9L * MIB, 2 * MIB);
      assertEquals(Nbd.EIO, client.chunks(3, 9L * MIB, new byte[2 * MIB]));
    }
  }

  @Test
  void whoBreaksTheProtocolIsLeftAndOthersAreServed() throws IOException {
    Random random = new Random(4);
    for (int i = 0; i < 60; i++) {
      try (Client client = new Client(address)) {
        byte[] noise = new byte[random.nextInt(3000)];
        random.nextBytes(noise);
        if (i % 3 == 0) {
          client.go("");
        } else if (i % 3 == 1) {
          client.option(random.nextInt(12), noise);
        }
        client.out.write(noise);
      } catch (IOException e) {
        // Left while it was still talking.
      }
    }
    try (Client client = new Client(address)) {
      client.option(3, new byte[20_000]);
      client.assertLeft();
    }
    try (Client client = new Client(address)) {
      client.go("");
      assertArrayEquals(Arrays.copyOf(bytes, 10), client.read(0, 10));
    }
  }

  @Test
  void whoDoesNotBeginIsLeft() throws IOException {
    try (Client client = new Client(address)) {
      client.assertLeft();
    }
  }

  @Test
  void whoTakesNoAnswersKeepsNobodyWaiting() throws IOException {
    List<Client> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        Client client = new Client(address);
        stalled.add(client);
        client.go("");
        for (int j = 0; j < 100; j++) {
          client.request(Nbd.CMD_READ, j, 0, 3 * MIB);
        }
      }
      try (Client client = new Client(address)) {
        client.go("");
        assertArrayEquals(bytes, client.read(0, SIZE));
      }
    } finally {
      for (Client client : stalled) {
        client.close();
      }
    }
  }

  @Test
  void tooManyClientsAreLeftAtOnce() throws IOException {
    List<Client> clients = new ArrayList<>();
    try {
      for (int i = 0; i < NbdServer.MAX_CLIENTS; i++) {
        Client client = new Client(address);
        client.go("");
        clients.add(client);
      }
      try (Socket further = new Socket()) {
        further.connect(address);
        assertEquals(-1, further.getInputStream().read());
      }
      assertArrayEquals(Arrays.copyOf(bytes, 10), clients.getLast().read(0, 10));
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  @Test
  void socketIsItsOwnersAlone() throws IOException {
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("nbd.sock"))));
    assertTrue(address2 instanceof UnixDomainSocketAddress);
  }
}
