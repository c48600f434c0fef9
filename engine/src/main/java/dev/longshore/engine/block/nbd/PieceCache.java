package dev.longshore.engine.block.nbd;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.id.ObjectId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The plain bytes of the pieces that were used last, up to a number of bytes. Each is read once,
/// whoever asks for it meanwhile. Thread-safe.
final class PieceCache {
  /// No splitter cuts larger ones; a list that says so must not take the memory.
  private static final int MAX_PIECE = 64 << 20;

  private final ObjectReader objects;
  private final long maxBytes;
  private final Map<ObjectId, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<ObjectId, CompletableFuture<byte[]>> reading = new HashMap<>();
  private long keptBytes;

  PieceCache(ObjectReader objects, long maxBytes) {
    this.objects = objects;
    this.maxBytes = maxBytes;
  }

  /// The bytes of a direct object, not to be changed.
  ///
  /// @param length that it must have
  byte[] get(ObjectId source, long length) throws RepositoryException {
    CompletableFuture<byte[]> mine = new CompletableFuture<>();
    CompletableFuture<byte[]> other;
    synchronized (this) {
      byte[] found = kept.get(source);
      if (found != null) {
        return checked(found, source, length);
      }
      other = reading.putIfAbsent(source, mine);
    }
    if (other != null) {
      return checked(await(other), source, length);
    }
    try {
      byte[] bytes = objects.readAll(source, (int) Math.min(length, MAX_PIECE));
      keep(source, bytes);
      mine.complete(bytes);
      return checked(bytes, source, length);
    } catch (RepositoryException | RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      synchronized (this) {
        reading.remove(source);
      }
    }
  }

  private static byte[] await(CompletableFuture<byte[]> read) throws RepositoryException {
    try {
      return read.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RepositoryException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private static byte[] checked(byte[] bytes, ObjectId source, long length)
      throws DamagedException {
    if (bytes.length != length) {
      throw new DamagedException(
          "object %s: expected %d bytes, found %d".formatted(source, length, bytes.length));
    }
    return bytes;
  }

  private synchronized void keep(ObjectId source, byte[] bytes) {
    if (bytes.length > maxBytes || kept.put(source, bytes) != null) {
      return;
    }
    keptBytes += bytes.length;
    Iterator<byte[]> oldest = kept.values().iterator();
    while (keptBytes > maxBytes) {
      keptBytes -= oldest.next().length;
      oldest.remove();
    }
  }
}
