package dev.longshore.engine.blob.remote;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Bytes to be sent, as often as it takes: for a checksum, a first try, another try. Not changed
/// while it is in use.
public sealed interface Body {
  /// How many bytes are handed out at once.
  int PIECE_BYTES = 256 << 10;

  /// Bytes in all.
  long length();

  /// Hands out all bytes from the beginning, in pieces of at most [#PIECE_BYTES].
  void forEachPiece(PieceReceiver receiver) throws IOException;

  /// Receives pieces.
  @FunctionalInterface
  interface PieceReceiver {
    /// @param bytes lent until the return
    void receive(byte[] bytes, int offset, int length) throws IOException;
  }

  /// Bytes in memory.
  ///
  /// @param bytes its remaining bytes are the body; position and limit stay
  record OfBuffer(ByteBuffer bytes) implements Body {
    @Override
    public long length() {
      return bytes.remaining();
    }

    @Override
    public void forEachPiece(PieceReceiver receiver) throws IOException {
      ByteBuffer rest = bytes.duplicate();
      byte[] array;
      int base;
      if (rest.hasArray()) {
        array = rest.array();
        base = rest.arrayOffset();
        for (int at = rest.position(); at < rest.limit(); at += PIECE_BYTES) {
          receiver.receive(array, base + at, Math.min(PIECE_BYTES, rest.limit() - at));
        }
        return;
      }
      array = new byte[Math.min(PIECE_BYTES, rest.remaining())];
      while (rest.hasRemaining()) {
        int length = Math.min(array.length, rest.remaining());
        rest.get(array, 0, length);
        receiver.receive(array, 0, length);
      }
    }
  }

  /// Bytes that are where their owner knows.
  ///
  /// @param source hands all of them out, each time it is asked
  record OfParts(long length, Source source) implements Body {
    @Override
    public void forEachPiece(PieceReceiver receiver) throws IOException {
      source.forEachPiece(receiver);
    }

    /// Hands out bytes from the beginning.
    @FunctionalInterface
    public interface Source {
      void forEachPiece(PieceReceiver receiver) throws IOException;
    }
  }
}
