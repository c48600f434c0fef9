package dev.longshore.crypto.cipher;

import dev.longshore.crypto.openssl.EvpCipher;
import dev.longshore.crypto.openssl.LibCrypto;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;

/// One stateful cipher; used by one thread at a time. Sealed bytes have their nonce in front and
/// their tag at the end.
sealed interface AeadCipher permits JdkAeadCipher, SystemAeadCipher {
  /// Bytes of a piece: few enough to stay in the processor's cache on their way.
  int PIECE_BYTES = 256 << 10;

  /// The system's, whose code needs no warming up but a moment to be linked, or else the JDK's.
  static AeadCipher fastest(Aead aead) {
    if (LibCrypto.isAvailable()) {
      Optional<EvpCipher> system = EvpCipher.create(aead.system());
      if (system.isPresent()) {
        return new SystemAeadCipher(system.get());
      }
    }
    return new JdkAeadCipher(aead);
  }

  /// Seals `in` behind the nonce that the first bytes of `out` already hold.
  void seal(byte[] key, byte[] associated, Range in, Range out);

  /// As above, with the nonce and all that follows handed over piece by piece.
  ///
  /// @throws IOException what the sink threw
  void seal(byte[] key, byte[] nonce, byte[] associated, Range in, PieceSink sink)
      throws IOException;

  /// Opens `in`, which is at least as long as nonce and tag, into `out`. After an exception `out`
  /// holds zeros.
  void open(byte[] key, byte[] associated, Range in, Range out) throws AEADBadTagException;

  /// Nothing unauthenticated stays.
  static void wipe(Range out) {
    Arrays.fill(out.bytes, out.offset, out.offset + out.length, (byte) 0);
  }
}
