package dev.longshore.crypto.openssl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// OpenSSL's `libcrypto.so.3`, if this machine has it: assembly for the processor at hand, at full
/// speed from the first byte.
public final class LibCrypto {
  /// The system property that says whose ciphers are used: `jdk` for none but the JDK's.
  public static final String PROPERTY = "longshore.crypto";

  private static final String LIBRARY = "libcrypto.so.3";
  private static final Optional<SymbolLookup> FOUND = load();

  private LibCrypto() {}

  /// Tells whether the library is there and may be used.
  public static boolean isAvailable() {
    return FOUND.isPresent();
  }

  // A library that the system's own programs trust with their secrets.
  @SuppressWarnings("restricted")
  private static Optional<SymbolLookup> load() {
    // Its numbers of bytes are passed as 64 bits.
    if (System.getProperty(PROPERTY, "").equals("jdk") || ADDRESS.byteSize() != Long.BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // The descriptors are those of the library's manual pages.
  @SuppressWarnings("restricted")
  static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return Linker.nativeLinker()
        .downcallHandle(FOUND.orElseThrow().findOrThrow(name), descriptor, options);
  }

  /// Handles declare `Throwable`, but throw only programming and linkage errors.
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    throw new IllegalStateException(e);
  }
}
