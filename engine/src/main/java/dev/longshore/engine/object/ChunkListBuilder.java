package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.object.IndirectObjectWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Collects an object's chunks: one chunk is the object, more become a chunk list, which is written
/// as it grows and never held whole.
final class ChunkListBuilder implements ObjectListWriter {
  private final ObjectSession session;
  private final ObjectOptions listOptions;
  // One chunk alone is the object itself.
  private final boolean alwaysLists;
  private long length;
  private @Nullable ObjectId only;
  private @Nullable OpenList list;

  /// @param prefix the object's
  /// @param compression of the list
  ChunkListBuilder(ObjectSession session, char prefix, Optional<Compression> compression) {
    this(
        session,
        new ObjectOptions(
            prefix == ContentId.NO_PREFIX ? ObjectSession.LIST_PREFIX : prefix,
            compression,
            compression,
            Optional.empty()),
        false);
  }

  /// One whose object is a list, however short.
  ///
  /// @param listOptions of the list, prefix included
  ChunkListBuilder(ObjectSession session, ObjectOptions listOptions) {
    this(session, listOptions, true);
  }

  private ChunkListBuilder(ObjectSession session, ObjectOptions listOptions, boolean alwaysLists) {
    this.session = session;
    this.listOptions = listOptions;
    this.alwaysLists = alwaysLists;
  }

  boolean isEmpty() {
    return only == null && list == null;
  }

  @Override
  public void append(long chunkLength, ObjectId chunk) throws RepositoryException {
    ObjectId first = only;
    OpenList open = list;
    try {
      if (open != null) {
        open.entries.add(chunkLength, chunk);
      } else if (first == null && !alwaysLists) {
        only = chunk;
      } else {
        SplittingObjectWriter object = session.newWriter(listOptions);
        open = new OpenList(object, new IndirectObjectWriter(streamTo(object)));
        list = open;
        only = null;
        if (first != null) {
          open.entries.add(length, first);
        }
        open.entries.add(chunkLength, chunk);
      }
    } catch (IOException e) {
      throw failure(e);
    }
    length += chunkLength;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Optional<ObjectId> checkpoint() throws RepositoryException {
    if (isEmpty()) {
      return Optional.empty();
    }
    try (ChunkListBuilder copy = fork()) {
      return Optional.of(copy.finish());
    }
  }

  @Override
  public ObjectId result() throws RepositoryException {
    if (isEmpty()) {
      throw new IllegalStateException("an object without pieces");
    }
    return finish();
  }

  /// The object of all chunks; at least one.
  ObjectId finish() throws RepositoryException {
    OpenList open = list;
    if (open == null) {
      return java.util.Objects.requireNonNull(only, "an object without chunks");
    }
    try {
      open.entries.finish();
    } catch (IOException e) {
      throw failure(e);
    }
    return ObjectId.indirect(open.object.result());
  }

  /// A builder that has the same chunks and goes on by itself.
  ChunkListBuilder fork() throws RepositoryException {
    ChunkListBuilder copy = new ChunkListBuilder(session, listOptions, alwaysLists);
    copy.length = length;
    copy.only = only;
    OpenList open = list;
    if (open != null) {
      try {
        open.entries.flush();
        SplittingObjectWriter object = open.object.fork();
        copy.list = new OpenList(object, IndirectObjectWriter.resume(streamTo(object), length));
      } catch (IOException e) {
        throw failure(e);
      }
    }
    return copy;
  }

  @Override
  public void close() {
    OpenList open = list;
    if (open != null) {
      open.object.close();
    }
  }

  private static OutputStream streamTo(SplittingObjectWriter object) {
    return new OutputStream() {
      @Override
      public void write(int b) throws RepositoryException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] data, int offset, int count) throws RepositoryException {
        object.write(data, offset, count);
      }
    };
  }

  /// The stream above throws nothing else.
  private static RepositoryException failure(IOException e) {
    if (e instanceof RepositoryException failure) {
      return failure;
    }
    throw new IllegalStateException(e);
  }

  /// A chunk list being written.
  private record OpenList(SplittingObjectWriter object, IndirectObjectWriter entries) {}
}
