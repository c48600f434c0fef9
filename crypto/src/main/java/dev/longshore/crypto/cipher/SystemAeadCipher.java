package dev.longshore.crypto.cipher;

import dev.longshore.crypto.openssl.EvpCipher;
import dev.longshore.crypto.openssl.EvpCipher.Parameters;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/// A cipher of the system's OpenSSL.
final class SystemAeadCipher implements AeadCipher {
  private final EvpCipher cipher;
  private @Nullable ByteBuffer piece;

  SystemAeadCipher(EvpCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public void seal(byte[] key, byte[] associated, Range in, Range out) {
    MemorySegment sealed = segment(out);
    cipher.seal(parameters(key, sealed, associated), segment(in), sealed.asSlice(Aead.NONCE_BYTES));
  }

  @Override
  public void seal(byte[] key, byte[] nonce, byte[] associated, Range in, PieceSink sink)
      throws IOException {
    ByteBuffer out = piece;
    if (out == null) {
      out = ByteBuffer.allocateDirect(PIECE_BYTES);
      piece = out;
    }
    MemorySegment memory = MemorySegment.ofBuffer(out.clear());
    MemorySegment plain = segment(in);
    out.put(nonce);
    cipher.beginSealing(parameters(key, MemorySegment.ofArray(nonce), associated));
    int at = 0;
    while (at < in.length) {
      int step = Math.min(in.length - at, out.remaining());
      cipher.update(plain.asSlice(at, step), memory.asSlice(out.position(), step));
      out.position(out.position() + step);
      at += step;
      if (out.remaining() < Aead.TAG_BYTES) {
        sink.accept(out.flip());
        out.clear();
      }
    }
    cipher.endSealing(memory.asSlice(out.position(), Aead.TAG_BYTES));
    out.position(out.position() + Aead.TAG_BYTES);
    sink.accept(out.flip());
  }

  @Override
  public void open(byte[] key, byte[] associated, Range in, Range out) throws AEADBadTagException {
    if (!open(key, associated, segment(in), segment(out))) {
      AeadCipher.wipe(out);
      throw new AEADBadTagException("tag differs");
    }
  }

  /// As [AeadCipher#open], in any memory; false, with anything in `out`, unless the tag is right.
  boolean open(byte[] key, byte[] associated, MemorySegment in, MemorySegment out) {
    return cipher.open(parameters(key, in, associated), in.asSlice(Aead.NONCE_BYTES), out);
  }

  private static Parameters parameters(byte[] key, MemorySegment sealed, byte[] associated) {
    return new Parameters(
        MemorySegment.ofArray(key),
        sealed.asSlice(0, Aead.NONCE_BYTES),
        MemorySegment.ofArray(associated));
  }

  private static MemorySegment segment(Range range) {
    return MemorySegment.ofArray(range.bytes).asSlice(range.offset, range.length);
  }
}
