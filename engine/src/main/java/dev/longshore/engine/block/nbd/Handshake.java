package dev.longshore.engine.block.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The first part of a connection, fixed newstyle: what client and server agree upon. One thread's.
///
/// A client may ask for little and not often; one that breaks the protocol is left.
final class Handshake {
  private static final int MAX_OPTIONS = 64;
  private static final int MAX_OPTION_BYTES = 16 << 10;
  private static final int PREFERRED_BLOCK = 1 << 20;
  private static final int ZEROES = 124;

  private final Wire wire;
  private final String exportName;
  private final long size;
  private boolean noZeroes;
  private boolean structured;
  private boolean allocation;

  Handshake(Wire wire, String exportName, long size) {
    this.wire = wire;
    this.exportName = exportName;
    this.size = size;
  }

  /// What was agreed upon.
  ///
  /// @param go the client wants to read; else it has left
  /// @param structured replies come in chunks
  /// @param allocation it may ask what is a hole
  record Agreement(boolean go, boolean structured, boolean allocation) {}

  Agreement run() throws IOException {
    wire.write(
        ByteBuffer.allocate(18)
            .putLong(Nbd.MAGIC)
            .putLong(Nbd.OPTION_MAGIC)
            .putShort((short) (Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES))
            .flip());
    int flags = wire.read(4).getInt();
    if ((flags & ~(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)) != 0) {
      throw new IOException("client flags " + Integer.toHexString(flags));
    }
    noZeroes = (flags & Nbd.NO_ZEROES) != 0;
    for (int i = 0; i < MAX_OPTIONS; i++) {
      ByteBuffer header = wire.read(16);
      long magic = header.getLong();
      int option = header.getInt();
      int length = header.getInt();
      if (magic != Nbd.OPTION_MAGIC || length < 0 || length > MAX_OPTION_BYTES) {
        throw new IOException("option " + option + " of " + Integer.toUnsignedString(length));
      }
      switch (option(option, wire.read(length))) {
        case MORE -> {}
        case GO -> {
          return new Agreement(true, structured, allocation);
        }
        case LEAVE -> {
          return new Agreement(false, false, false);
        }
      }
    }
    throw new IOException("more than " + MAX_OPTIONS + " options");
  }

  private enum Next {
    MORE,
    GO,
    LEAVE
  }

  private Next option(int option, ByteBuffer data) throws IOException {
    switch (option) {
      case Nbd.OPT_EXPORT_NAME -> {
        return exportName(data);
      }
      case Nbd.OPT_ABORT -> {
        reply(option, Nbd.REP_ACK, new byte[0]);
        return Next.LEAVE;
      }
      case Nbd.OPT_LIST -> list(option, data);
      case Nbd.OPT_INFO -> info(option, data);
      case Nbd.OPT_GO -> {
        return info(option, data) ? Next.GO : Next.MORE;
      }
      case Nbd.OPT_STRUCTURED_REPLY -> {
        structured = !data.hasRemaining();
        reply(option, structured ? Nbd.REP_ACK : Nbd.REP_ERR_INVALID, new byte[0]);
      }
      case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> contexts(option, data);
      default -> reply(option, Nbd.REP_ERR_UNSUP, new byte[0]);
    }
    return Next.MORE;
  }

  private static int transmissionFlags() {
    return Nbd.FLAG_HAS_FLAGS | Nbd.FLAG_READ_ONLY | Nbd.FLAG_CAN_MULTI_CONN;
  }

  private Next exportName(ByteBuffer data) throws IOException {
    if (!isOurs(text(data, data.remaining()))) {
      return Next.LEAVE; // the protocol has no other answer
    }
    ByteBuffer answer = ByteBuffer.allocate(10 + (noZeroes ? 0 : ZEROES));
    wire.write(answer.putLong(0, size).putShort(8, (short) transmissionFlags()));
    return Next.GO;
  }

  private boolean isOurs(String name) {
    return name.isEmpty() || name.equals(exportName);
  }

  private void list(int option, ByteBuffer data) throws IOException {
    if (data.hasRemaining()) {
      reply(option, Nbd.REP_ERR_INVALID, new byte[0]);
      return;
    }
    byte[] name = exportName.getBytes(StandardCharsets.UTF_8);
    ByteBuffer entry = ByteBuffer.allocate(4 + name.length).putInt(name.length).put(name);
    reply(option, Nbd.REP_SERVER, entry.array());
    reply(option, Nbd.REP_ACK, new byte[0]);
  }

  /// Answers with what the export is; tells whether it is ours.
  private boolean info(int option, ByteBuffer data) throws IOException {
    String name = name(data);
    if (name == null || data.remaining() < 2) {
      reply(option, Nbd.REP_ERR_INVALID, new byte[0]);
      return false;
    }
    if (!isOurs(name)) {
      reply(option, Nbd.REP_ERR_UNKNOWN, new byte[0]);
      return false;
    }
    ByteBuffer export = ByteBuffer.allocate(12);
    export.putShort((short) Nbd.INFO_EXPORT).putLong(size).putShort((short) transmissionFlags());
    reply(option, Nbd.REP_INFO, export.array());
    ByteBuffer blocks = ByteBuffer.allocate(14);
    blocks.putShort((short) Nbd.INFO_BLOCK_SIZE);
    blocks.putInt(1).putInt(PREFERRED_BLOCK).putInt(Nbd.MAX_LENGTH);
    reply(option, Nbd.REP_INFO, blocks.array());
    reply(option, Nbd.REP_ACK, new byte[0]);
    return true;
  }

  /// A name with its length before it; null if there is none.
  private static @Nullable String name(ByteBuffer data) {
    if (data.remaining() < 4) {
      return null;
    }
    int length = data.getInt();
    return length < 0 || length > data.remaining() ? null : text(data, length);
  }

  private static String text(ByteBuffer data, int length) {
    byte[] bytes = new byte[length];
    data.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private void contexts(int option, ByteBuffer data) throws IOException {
    String name = name(data);
    if (name == null || data.remaining() < 4 || !structured) {
      reply(option, Nbd.REP_ERR_INVALID, new byte[0]);
      return;
    }
    if (!isOurs(name)) {
      reply(option, Nbd.REP_ERR_UNKNOWN, new byte[0]);
      return;
    }
    boolean wanted = option == Nbd.OPT_LIST_META_CONTEXT && data.getInt(data.position()) == 0;
    for (int queries = data.getInt(); queries > 0; queries--) {
      String query = name(data);
      if (query == null) {
        reply(option, Nbd.REP_ERR_INVALID, new byte[0]);
        return;
      }
      boolean all = option == Nbd.OPT_LIST_META_CONTEXT && query.equals("base:");
      wanted |= all || query.equals(Nbd.ALLOCATION);
    }
    if (option == Nbd.OPT_SET_META_CONTEXT) {
      allocation = wanted;
    }
    if (wanted) {
      byte[] context = Nbd.ALLOCATION.getBytes(StandardCharsets.US_ASCII);
      ByteBuffer entry = ByteBuffer.allocate(4 + context.length);
      reply(option, Nbd.REP_META_CONTEXT, entry.putInt(Nbd.ALLOCATION_ID).put(context).array());
    }
    reply(option, Nbd.REP_ACK, new byte[0]);
  }

  private void reply(int option, int type, byte[] data) throws IOException {
    wire.write(
        ByteBuffer.allocate(20)
            .putLong(Nbd.OPTION_REPLY_MAGIC)
            .putInt(option)
            .putInt(type)
            .putInt(data.length)
            .flip(),
        ByteBuffer.wrap(data));
  }
}
