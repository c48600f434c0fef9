package dev.longshore.crypto.openssl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;

/// The library's scrypt, whose memory is not the heap's.
public final class EvpScrypt {
  private EvpScrypt() {}

  /// Derives `length` bytes; false if the library, or its configuration, does not do it.
  ///
  /// @param cost N, a power of two
  /// @param blockSize r; p is 1
  /// @throws IllegalStateException if the library is not available
  public static boolean derive(
      byte[] password, byte[] salt, long cost, long blockSize, byte[] key) {
    var function =
        LibCrypto.handle(
            "EVP_PBE_scrypt",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                JAVA_LONG, ADDRESS, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      // Not the arrays themselves: the call takes long, and would keep the collector waiting.
      MemorySegment secret = arena.allocateFrom(JAVA_BYTE, password);
      MemorySegment derived = arena.allocate(key.length);
      int answer =
          (int)
              function.invokeExact(
                  secret,
                  (long) password.length,
                  arena.allocateFrom(JAVA_BYTE, salt),
                  (long) salt.length,
                  cost,
                  blockSize,
                  1L,
                  256 * cost * blockSize,
                  derived,
                  (long) key.length);
      MemorySegment.copy(derived, JAVA_BYTE, 0, key, 0, key.length);
      secret.fill((byte) 0);
      derived.fill((byte) 0);
      return answer == 1;
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }
}
