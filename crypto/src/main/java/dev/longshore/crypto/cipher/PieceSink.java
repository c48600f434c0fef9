package dev.longshore.crypto.cipher;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes bytes piece by piece, in order.
@FunctionalInterface
public interface PieceSink {
  /// Takes the buffer's remaining bytes, which are the caller's again when this returns.
  void accept(ByteBuffer piece) throws IOException;
}
