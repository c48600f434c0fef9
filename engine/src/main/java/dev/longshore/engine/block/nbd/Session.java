package dev.longshore.engine.block.nbd;

import dev.longshore.engine.error.RepositoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// One client's requests. They are read by one thread and answered by a few, each of which holds 1
/// MiB at most; a client that takes no answers keeps nobody waiting but itself.
final class Session implements AutoCloseable {
  /// Requests of one client that are answered at once.
  private static final int IN_FLIGHT = 4;

  private static final int PIECE_BYTES = 1 << 20;
  private static final int MAX_EXTENTS = 1024;

  private final Wire wire;
  private final VolumeReader volume;
  private final Handshake.Agreement agreement;
  private final Semaphore places = new Semaphore(IN_FLIGHT);
  private final Semaphore ahead = new Semaphore(1);
  private final ExecutorService threads;

  Session(Wire wire, VolumeReader volume, Handshake.Agreement agreement) {
    this.wire = wire;
    this.volume = volume;
    this.agreement = agreement;
    this.threads =
        Executors.newFixedThreadPool(
            IN_FLIGHT + 1, Thread.ofPlatform().daemon().name("nbd-", 0).factory());
  }

  private record Request(int flags, int type, long cookie, long offset, long length) {}

  /// Answers requests until the client leaves.
  ///
  /// @throws IOException if it breaks the protocol or the connection
  void run() throws IOException, InterruptedException {
    long sequential = -1;
    while (true) {
      ByteBuffer bytes = wire.read(28);
      int magic = bytes.getInt();
      Request request =
          new Request(
              Short.toUnsignedInt(bytes.getShort()),
              Short.toUnsignedInt(bytes.getShort()),
              bytes.getLong(),
              bytes.getLong(),
              Integer.toUnsignedLong(bytes.getInt()));
      if (magic != Nbd.REQUEST_MAGIC) {
        throw new IOException("no request: " + Integer.toHexString(magic));
      }
      if (request.type == Nbd.CMD_DISC) {
        places.acquire(IN_FLIGHT);
        return;
      }
      if (request.type == Nbd.CMD_WRITE) {
        if (request.length > Nbd.MAX_LENGTH) {
          throw new IOException("write of " + request.length);
        }
        wire.skip(request.length);
      }
      places.acquire();
      threads.execute(() -> answer(request));
      if (request.type == Nbd.CMD_READ && request.offset == sequential) {
        readAhead(request.offset + request.length);
      }
      sequential = request.offset + request.length;
    }
  }

  private void readAhead(long offset) {
    long next = offset + PIECE_BYTES;
    if (offset >= 0 && next > 0 && next < volume.size() && ahead.tryAcquire()) {
      threads.execute(() -> {
        try {
          volume.readAhead(next);
        } catch (RepositoryException e) {
          // Whoever asks for it will be told.
        } finally {
          ahead.release();
        }
      });
    }
  }

  private void answer(Request request) {
    try {
      switch (request.type) {
        case Nbd.CMD_READ -> read(request);
        case Nbd.CMD_BLOCK_STATUS -> status(request);
        case Nbd.CMD_FLUSH -> fail(request, 0);
        case Nbd.CMD_WRITE, Nbd.CMD_TRIM, Nbd.CMD_WRITE_ZEROES -> fail(request, Nbd.EPERM);
        default -> fail(request, Nbd.EINVAL);
      }
    } catch (IOException | RuntimeException e) {
      wire.abandon();
    } finally {
      places.release();
    }
  }

  private boolean isInside(Request request) {
    return request.length > 0
        && request.offset >= 0
        && request.offset <= volume.size() - request.length;
  }

  private void read(Request request) throws IOException {
    if (!isInside(request) || request.length > Nbd.MAX_LENGTH) {
      refuse(request, Nbd.EINVAL, "outside of the volume, or too long");
    } else if (agreement.structured()) {
      readChunks(request);
    } else {
      readWhole(request);
    }
  }

  /// A simple reply has its data in one piece: once it is begun, the only way to tell of a fault is
  /// to leave.
  private void readWhole(Request request) throws IOException {
    byte[] bytes = new byte[(int) Math.min(PIECE_BYTES, request.length)];
    try {
      volume.read(request.offset, bytes, bytes.length);
    } catch (RepositoryException e) {
      fail(request, Nbd.EIO);
      return;
    }
    wire.acquire();
    try {
      wire.write(simple(request, 0), ByteBuffer.wrap(bytes));
      for (int done = bytes.length; done < request.length; ) {
        int n = (int) Math.min(bytes.length, request.length - done);
        volume.read(request.offset + done, bytes, n);
        wire.write(ByteBuffer.wrap(bytes, 0, n));
        done += n;
      }
    } finally {
      wire.release();
    }
  }

  private void readChunks(Request request) throws IOException {
    byte[] bytes = new byte[(int) Math.min(PIECE_BYTES, request.length)];
    for (int done = 0; done < request.length; ) {
      long at = request.offset + done;
      int left = (int) request.length - done;
      int zeros = (int) Math.min(left, volume.zerosAt(at));
      int n = zeros > 0 ? zeros : (int) volume.dataAt(at, Math.min(left, PIECE_BYTES));
      int flags = n == left ? Nbd.CHUNK_DONE : 0;
      if (zeros > 0) {
        ByteBuffer hole = chunk(request, flags, Nbd.CHUNK_OFFSET_HOLE, 12, 12);
        wire.write(hole.putLong(at).putInt(n).flip());
      } else {
        try {
          volume.read(at, bytes, n);
        } catch (RepositoryException e) {
          refuse(request, Nbd.EIO, String.valueOf(e.getMessage()));
          return;
        }
        ByteBuffer data = chunk(request, flags, Nbd.CHUNK_OFFSET_DATA, 8 + n, 8);
        wire.write(data.putLong(at).flip(), ByteBuffer.wrap(bytes, 0, n));
      }
      done += n;
    }
  }

  private void status(Request request) throws IOException {
    if (!agreement.allocation() || !isInside(request)) {
      refuse(request, Nbd.EINVAL, "not negotiated, or outside of the volume");
      return;
    }
    boolean one = (request.flags & Nbd.CMD_FLAG_REQ_ONE) != 0;
    ByteBuffer extents = ByteBuffer.allocate(MAX_EXTENTS * 8);
    long end = request.offset + request.length;
    for (long at = request.offset; at < end && extents.hasRemaining(); ) {
      long zeros = Math.min(end - at, volume.zerosAt(at));
      long n = zeros > 0 ? zeros : volume.dataAt(at, end - at);
      extents.putInt((int) n).putInt(zeros > 0 ? Nbd.STATE_HOLE_ZERO : 0);
      at += n;
      if (one) {
        break;
      }
    }
    int length = 4 + extents.flip().remaining();
    ByteBuffer chunk = chunk(request, Nbd.CHUNK_DONE, Nbd.CHUNK_BLOCK_STATUS, length, 4);
    wire.write(chunk.putInt(Nbd.ALLOCATION_ID).flip(), extents);
  }

  private static ByteBuffer simple(Request request, int error) {
    return ByteBuffer.allocate(16)
        .putInt(Nbd.SIMPLE_REPLY_MAGIC)
        .putInt(error)
        .putLong(request.cookie)
        .flip();
  }

  private void fail(Request request, int error) throws IOException {
    wire.write(simple(request, error));
  }

  /// Answers a read or a question, whose faults come in chunks if that was agreed upon.
  private void refuse(Request request, int error, String reason) throws IOException {
    if (!agreement.structured()) {
      fail(request, error);
      return;
    }
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, 1024);
    ByteBuffer chunk = chunk(request, Nbd.CHUNK_DONE, Nbd.CHUNK_ERROR, 6 + length, 6 + length);
    wire.write(chunk.putInt(error).putShort((short) length).put(text, 0, length).flip());
  }

  /// The start of a chunk.
  ///
  /// @param length of its payload
  /// @param here how much of that will be put behind
  private static ByteBuffer chunk(Request request, int flags, int type, int length, int here) {
    return ByteBuffer.allocate(20 + here)
        .putInt(Nbd.CHUNK_MAGIC)
        .putShort((short) flags)
        .putShort((short) type)
        .putLong(request.cookie)
        .putInt(length);
  }

  /// Leaves the client, and waits until nobody works for it any more.
  @Override
  public void close() {
    wire.abandon();
    threads.close();
  }
}
