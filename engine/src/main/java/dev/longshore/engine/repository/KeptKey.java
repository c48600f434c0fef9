package dev.longshore.engine.repository;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.repository.FormatBlob;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The format key of one connection, kept so that it need not be derived again: that is slow on
/// purpose, and it takes 64 MiB. In memory, for as long as a command runs, or in a file beside the
/// password, for all commands.
///
/// In a file only where the password itself is kept: it is worth no more to a thief, and has the
/// same permissions. It holds 32 bytes that tell repository and derivation apart (SHA-256 of the
/// name of the derivation, a zero byte and the unique id), then the key. It may be missing, stale
/// or damaged at any time: a key that does not open the repository is derived anew. Nothing that
/// goes wrong with the file is an error.
final class KeptKey {
  private static final int TAG_BYTES = 32;
  private static final int KEY_BYTES = 32;

  private final Place place;

  private KeptKey(Place place) {
    this.place = place;
  }

  /// Where bytes are kept, or not.
  private interface Place {
    Optional<byte[]> read() throws RepositoryException;

    /// @param bytes lent
    void write(byte[] bytes) throws RepositoryException;
  }

  /// Nothing is kept.
  static KeptKey none() {
    return new KeptKey(
        new Place() {
          @Override
          public Optional<byte[]> read() {
            return Optional.empty();
          }

          @Override
          public void write(byte[] bytes) {}
        });
  }

  /// The key is kept in this file.
  static KeptKey in(Path file) {
    return new KeptKey(
        new Place() {
          @Override
          public Optional<byte[]> read() throws RepositoryException {
            return LocalFiles.read(file);
          }

          @Override
          public void write(byte[] bytes) throws RepositoryException {
            LocalFiles.write(file, bytes);
          }
        });
  }

  /// The key is kept by this object. Thread-safe.
  static KeptKey inMemory() {
    AtomicReference<Optional<byte[]>> held = new AtomicReference<>(Optional.empty());
    return new KeptKey(
        new Place() {
          @Override
          public Optional<byte[]> read() {
            return held.get();
          }

          @Override
          public void write(byte[] bytes) {
            held.set(Optional.of(bytes.clone()));
          }
        });
  }

  /// The key that was kept for this repository, if there is one; it may be that of an older
  /// password.
  Optional<byte[]> find(FormatBlob blob) {
    try {
      return place
          .read()
          .filter(bytes -> bytes.length == TAG_BYTES + KEY_BYTES)
          .filter(bytes -> Arrays.equals(bytes, 0, TAG_BYTES, tag(blob), 0, TAG_BYTES))
          .map(bytes -> Arrays.copyOfRange(bytes, TAG_BYTES, bytes.length));
    } catch (RepositoryException e) {
      return Optional.empty();
    }
  }

  /// Keeps a key that has opened the repository.
  void keep(FormatBlob blob, byte[] key) {
    if (key.length != KEY_BYTES) {
      return;
    }
    byte[] bytes = ByteBuffer.allocate(TAG_BYTES + KEY_BYTES).put(tag(blob)).put(key).array();
    try {
      place.write(bytes);
    } catch (RepositoryException e) {
      // The next command takes longer, that is all.
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] tag(FormatBlob blob) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(blob.keyAlgorithm().getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      return sha256.digest(blob.uniqueId());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
