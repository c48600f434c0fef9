package dev.longshore.engine.block.nbd;

import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.block.restore.ContentNamer;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads a volume in a snapshot, anywhere and in any order. Thread-safe, but for [#close], which no
/// other call may meet.
///
/// Only the list of its pieces is read at first: the volume can be used at once, however large.
public final class VolumeReader implements AutoCloseable {
  private static final int MAX_STEPS = 4096;

  private final PieceTable pieces;
  private final PieceCache cache;
  private final long size;

  /// Opens a volume.
  ///
  /// @param folder for a temporary file: 56 bytes for each different block, at most
  /// @param cacheBytes of contents to keep
  /// @throws RepositoryException if the list of its pieces cannot be read, or is none
  public static VolumeReader open(
      Repository repository, BlockVolume volume, Path folder, long cacheBytes) throws IOException {
    return new VolumeReader(
        repository.objects(), repository.contents()::idOf, volume, folder, cacheBytes);
  }

  VolumeReader(
      ObjectReader objects, ContentNamer namer, BlockVolume volume, Path folder, long cacheBytes)
      throws IOException { // what open takes, with the repository's parts
    this.size = volume.sizeBytes();
    this.pieces = PieceTable.read(objects, namer, volume.objectId(), size, folder);
    this.cache = new PieceCache(objects, cacheBytes);
  }

  /// Length in bytes.
  public long size() {
    return size;
  }

  /// Reads a range.
  ///
  /// @throws IllegalArgumentException if it is not in the volume
  public void read(long offset, byte[] target, int length) throws RepositoryException {
    checkRange(offset, length);
    for (int done = 0; done < length; ) {
      PieceTable.Piece piece = pieces.at(offset + done);
      int n = (int) Math.min(length - done, piece.end() - offset - done);
      if (piece.source() == null) {
        Arrays.fill(target, done, done + n, (byte) 0);
      } else {
        byte[] bytes = cache.get(piece.source(), piece.length());
        System.arraycopy(bytes, (int) (offset + done - piece.start()), target, done, n);
      }
      done += n;
    }
  }

  /// Has a place's content read, so that it is there when it is asked for.
  void readAhead(long offset) throws RepositoryException {
    PieceTable.Piece piece = pieces.at(offset);
    if (piece.source() != null) {
      cache.get(piece.source(), piece.length());
    }
  }

  /// How many bytes from a place on are known to be zeros; 0 if it is not known.
  long zerosAt(long offset) {
    PieceTable.Piece piece = pieces.at(offset);
    return piece.source() == null ? piece.end() - offset : 0;
  }

  /// How many bytes from a place on are not known to be zeros, up to a limit; not 0 if it is not
  /// known of the first.
  long dataAt(long offset, long limit) {
    long at = offset;
    for (int steps = 0; steps < MAX_STEPS && at < size && at - offset < limit; steps++) {
      PieceTable.Piece piece = pieces.at(at);
      if (piece.source() == null) {
        break;
      }
      at = piece.end();
    }
    return Math.min(limit, at - offset);
  }

  private void checkRange(long offset, long length) {
    if (offset < 0 || length < 0 || length > size - offset) {
      throw new IllegalArgumentException("range %d+%d of %d bytes".formatted(offset, length, size));
    }
  }

  @Override
  public void close() {
    pieces.close();
  }
}
