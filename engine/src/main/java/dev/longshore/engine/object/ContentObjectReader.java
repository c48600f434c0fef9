package dev.longshore.engine.object;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads objects out of contents. Chunk lists are read as streams: neither an object nor its list
/// is ever held whole.
///
/// Source: kopia 4ebb2be6c `repo/object/object_reader.go`.
public final class ContentObjectReader implements ObjectReader {
  /// The largest chunk an object-level compressed content may expand to: four times what the
  /// largest splitter cuts.
  private static final int MAX_COMPRESSED_CHUNK = 64 << 20;

  private final ContentReader contents;

  /// Reads out of these contents.
  public ContentObjectReader(ContentReader contents) {
    this.contents = contents;
  }

  @Override
  public InputStream open(ObjectId id) throws RepositoryException {
    return openAt(id, 0);
  }

  @Override
  public InputStream openAt(ObjectId id, long offset) throws RepositoryException {
    if (offset < 0) {
      throw new IllegalArgumentException("offset " + offset);
    }
    InputStream stream =
        id.isIndirect()
            ? new ChunkStream(this, chunks(id))
            : new ByteArrayInputStream(readDirect(id));
    try {
      stream.skip(offset);
    } catch (IOException e) {
      throw failure(e);
    }
    return stream;
  }

  @Override
  public long length(ObjectId id) throws RepositoryException {
    try (ChunkCursor chunks = chunks(id)) {
      long end = 0;
      while (chunks.next()) {
        end = chunks.end();
      }
      return end;
    }
  }

  @Override
  public byte[] readAll(ObjectId id, int maxLength) throws RepositoryException {
    try (InputStream in = open(id)) {
      byte[] bytes = in.readNBytes(maxLength);
      if (in.read() >= 0) {
        throw new DamagedException(
            "object " + id + " is longer than the " + maxLength + " bytes expected");
      }
      return bytes;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void forEachChunk(ObjectId id, ChunkVisitor visitor) throws RepositoryException {
    try (ChunkCursor chunks = chunks(id)) {
      while (chunks.next()) {
        visitor.visit(chunks.start(), chunks.end() - chunks.start(), chunks.object());
      }
    }
  }

  @Override
  public void forEachContent(ObjectId id, ContentVisitor visitor) throws RepositoryException {
    try (ChunkCursor chunks = new ChunkCursor(this, id, visitor)) {
      while (chunks.next()) {
        visitor.visit(chunks.object().contentId());
      }
    }
  }

  @Override
  public ChunkCursor chunks(ObjectId id) {
    return new ChunkCursor(this, id, content -> {});
  }

  /// The plain length of a direct object.
  long directLength(ObjectId direct) throws RepositoryException {
    if (direct.compressed()) {
      return readDirect(direct).length;
    }
    ContentId id = direct.contentId();
    return contents
        .find(id)
        .orElseThrow(() -> new NotFoundException("content " + id + " is not in the index"))
        .originalLength();
  }

  private byte[] readDirect(ObjectId direct) throws RepositoryException {
    byte[] bytes = contents.read(direct.contentId());
    return direct.compressed() ? decompress(direct, bytes, MAX_COMPRESSED_CHUNK) : bytes;
  }

  /// The plain bytes of a direct object, which must be `length`.
  byte[] readDirect(ObjectId direct, long length) throws RepositoryException {
    byte[] bytes = contents.read(direct.contentId());
    if (direct.compressed()) {
      bytes = decompress(direct, bytes, (int) Math.min(length, MAX_COMPRESSED_CHUNK));
    }
    if (bytes.length != length) {
      throw new DamagedException(
          "object " + direct + " has " + bytes.length + " bytes where " + length + " are expected");
    }
    return bytes;
  }

  private static byte[] decompress(ObjectId direct, byte[] payload, int maxLength)
      throws RepositoryException {
    try {
      return CompressedPayload.decompressUnknown(payload, 0, payload.length, maxLength);
    } catch (UnsupportedFormatException e) {
      throw new UnsupportedException("object " + direct + ": " + e.getMessage(), e);
    } catch (FormatException e) {
      throw new DamagedException("object " + direct + ": " + e.getMessage(), e);
    }
  }

  /// A stream's failure as what it is; our streams throw nothing else.
  static RepositoryException failure(IOException e) {
    if (e instanceof RepositoryException failure) {
      return failure;
    }
    throw new IllegalStateException(e);
  }
}
