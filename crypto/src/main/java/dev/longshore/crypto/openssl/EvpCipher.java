package dev.longshore.crypto.openssl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// One authenticated cipher of the library with its state; used by one thread at a time.
///
/// Keys are of 32 bytes, nonces of 12, tags of 16. Calls are given heap arrays as they are and keep
/// the collector waiting meanwhile: each works through a mebibyte at most.
public final class EvpCipher {
  /// The ciphers that are asked for.
  public enum Kind {
    AES_256_GCM,
    CHACHA20_POLY1305
  }

  private static final int TAG_BYTES = 16;
  private static final int STEP_BYTES = 1 << 20;

  private static final int GET_TAG = 0x10;
  private static final int SET_TAG = 0x11;

  private static final Linker.Option HEAP = Linker.Option.critical(true);
  private static final MethodHandle NEW =
      LibCrypto.handle("EVP_CIPHER_CTX_new", FunctionDescriptor.of(ADDRESS));
  private static final MethodHandle FREE =
      LibCrypto.handle("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle INIT =
      quick("EVP_CipherInit_ex", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle UPDATE =
      quick("EVP_CipherUpdate", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle FINAL = quick("EVP_CipherFinal_ex", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle CONTROL =
      quick("EVP_CIPHER_CTX_ctrl", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

  private final MemorySegment context;
  private final MemorySegment written = MemorySegment.ofArray(new int[1]);
  private final MemorySegment tag = MemorySegment.ofArray(new byte[TAG_BYTES]);

  private EvpCipher(MemorySegment context) {
    this.context = context;
  }

  private static MethodHandle quick(String name, ValueLayout... arguments) {
    return LibCrypto.handle(name, FunctionDescriptor.of(JAVA_INT, arguments), HEAP);
  }

  /// A new cipher, or empty if the library, or its configuration, has it not.
  ///
  /// @throws IllegalStateException if the library is not available
  // The context goes with the segment that stands for it.
  @SuppressWarnings("restricted")
  public static Optional<EvpCipher> create(Kind kind) {
    String name =
        switch (kind) {
          case AES_256_GCM -> "EVP_aes_256_gcm";
          case CHACHA20_POLY1305 -> "EVP_chacha20_poly1305";
        };
    try {
      MemorySegment cipher =
          (MemorySegment) LibCrypto.handle(name, FunctionDescriptor.of(ADDRESS)).invokeExact();
      MemorySegment context = (MemorySegment) NEW.invokeExact();
      if (context.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("native memory for a cipher");
      }
      EvpCipher made = new EvpCipher(context.reinterpret(1, Arena.ofAuto(), EvpCipher::free));
      return made.init(cipher, MemorySegment.NULL, MemorySegment.NULL, 1)
          ? Optional.of(made)
          : Optional.empty();
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }

  private static void free(MemorySegment context) {
    try {
      FREE.invokeExact(context);
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }

  /// Encrypts `in` into as many bytes of `out`, and the tag into what `out` has after them. The two
  /// must not overlap.
  public void seal(Parameters parameters, MemorySegment in, MemorySegment out) {
    beginSealing(parameters);
    update(in, out);
    endSealing(out.asSlice(in.byteSize()));
  }

  /// Begins to encrypt, [#update] by update.
  public void beginSealing(Parameters parameters) {
    try {
      begin(parameters, 1);
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }

  /// Encrypts more bytes into as many of `out`.
  public void update(MemorySegment in, MemorySegment out) {
    try {
      step(in, out);
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }

  /// Ends with the tag.
  public void endSealing(MemorySegment out) {
    try {
      require((int) FINAL.invokeExact(context, tag, written), "finish");
      require((int) CONTROL.invokeExact(context, GET_TAG, TAG_BYTES, tag), "give its tag");
      MemorySegment.copy(tag, 0, out, 0, TAG_BYTES);
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }

  /// Decrypts what `in` has before its tag into as many bytes of `out`, which may be where those
  /// are; false, with anything in `out`, unless the tag is right.
  public boolean open(Parameters parameters, MemorySegment in, MemorySegment out) {
    long length = in.byteSize() - TAG_BYTES;
    try {
      begin(parameters, 0);
      MemorySegment.copy(in, length, tag, 0, TAG_BYTES);
      step(in.asSlice(0, length), out);
      require((int) CONTROL.invokeExact(context, SET_TAG, TAG_BYTES, tag), "take a tag");
      return (int) FINAL.invokeExact(context, tag, written) == 1;
    } catch (Throwable e) {
      throw LibCrypto.unexpected(e);
    }
  }

  /// What a content is sealed with.
  ///
  /// @param associated is authenticated along with the bytes
  public record Parameters(MemorySegment key, MemorySegment nonce, MemorySegment associated) {}

  private void begin(Parameters parameters, int encrypt) throws Throwable {
    if (!init(MemorySegment.NULL, parameters.key, parameters.nonce, encrypt)) {
      throw new IllegalStateException("libcrypto failed to take a key");
    }
    MemorySegment associated = parameters.associated;
    require(
        (int)
            UPDATE.invokeExact(
                context, MemorySegment.NULL, written, associated, (int) associated.byteSize()),
        "take associated bytes");
  }

  private boolean init(MemorySegment cipher, MemorySegment key, MemorySegment nonce, int encrypt)
      throws Throwable {
    return (int) INIT.invokeExact(context, cipher, MemorySegment.NULL, key, nonce, encrypt) == 1;
  }

  private void step(MemorySegment in, MemorySegment out) throws Throwable {
    long length = in.byteSize();
    for (long at = 0; at < length; at += STEP_BYTES) {
      int step = (int) Math.min(STEP_BYTES, length - at);
      MemorySegment from = in.asSlice(at, step);
      MemorySegment to = out.asSlice(at, step);
      require((int) UPDATE.invokeExact(context, to, written, from, step), "go on");
    }
  }

  private static void require(int answer, String what) {
    if (answer != 1) {
      throw new IllegalStateException("libcrypto failed to " + what);
    }
  }
}
