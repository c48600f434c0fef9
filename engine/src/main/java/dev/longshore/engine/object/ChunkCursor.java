package dev.longshore.engine.object;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader.ContentVisitor;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.object.IndirectEntry;
import dev.longshore.format.object.IndirectObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Walks an object's chunks in order through its chunk lists, which are read as they are needed.
///
/// A list is an object itself; its entries are direct objects as Kopia writes them, and may be
/// indirect ones. Lists cannot form a cycle, because an id is a hash of what it names, but they can
/// be nested without sense: how deep is limited, and an entry that is a list must not be empty, so
/// that the number of steps is bounded by the object's length.
final class ChunkCursor implements ObjectChunks {
  private static final int MAX_NESTING = 2 * ObjectId.MAX_INDIRECTION;

  private final ContentObjectReader reader;
  private final ObjectId root;
  private final ContentVisitor listContents;
  private final int nesting;
  private final Deque<OpenList> lists = new ArrayDeque<>();
  private long start;
  private long end;
  private ObjectId object;
  private boolean rootDue = true;

  /// @param listContents receives the contents that the lists consist of, each before what it names
  ChunkCursor(ContentObjectReader reader, ObjectId root, ContentVisitor listContents) {
    this(reader, root, listContents, 0);
  }

  private ChunkCursor(
      ContentObjectReader reader, ObjectId root, ContentVisitor listContents, int nesting) {
    this.reader = reader;
    this.root = root;
    this.object = root;
    this.listContents = listContents;
    this.nesting = nesting;
  }

  @Override
  public boolean next() throws RepositoryException {
    if (rootDue) {
      rootDue = false;
      if (!root.isIndirect()) {
        end = reader.directLength(root);
        return true;
      }
      push(root, 0, -1);
    }
    while (!lists.isEmpty()) {
      OpenList list = lists.peek();
      IndirectEntry entry = list.next();
      if (entry == null) {
        lists.pop().close();
      } else if (entry.object().isIndirect()) {
        if (entry.length() == 0) {
          throw new DamagedException("object " + root + " holds an empty chunk list");
        }
        push(entry.object(), list.base + entry.start(), entry.length());
      } else {
        object = entry.object();
        start = list.base + entry.start();
        end = start + entry.length();
        return true;
      }
    }
    return false;
  }

  @Override
  public long start() {
    return start;
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public ObjectId object() {
    return object;
  }

  @Override
  public void close() {
    lists.forEach(OpenList::close);
    lists.clear();
  }

  private void push(ObjectId indirect, long base, long expectedLength) throws RepositoryException {
    if (nesting + lists.size() >= MAX_NESTING) {
      throw new DamagedException("object " + root + ": chunk lists are nested too deep");
    }
    lists.push(new OpenList(indirect, base, expectedLength));
  }

  /// A chunk list being read.
  private final class OpenList {
    private final ObjectId indirect;
    private final long base;
    private final long expectedLength;
    private final InputStream bytes;
    private final IndirectObjectReader entries;

    /// @param expectedLength what the list above says; negative if there is none
    OpenList(ObjectId indirect, long base, long expectedLength) {
      this.indirect = indirect;
      this.base = base;
      this.expectedLength = expectedLength;
      ChunkCursor chunks =
          new ChunkCursor(reader, indirect.list(), listContents, nesting + lists.size() + 1);
      this.bytes = new ChunkStream(reader, chunks, listContents);
      this.entries = new IndirectObjectReader(bytes);
    }

    @Nullable IndirectEntry next() throws RepositoryException {
      IndirectEntry entry;
      try {
        entry = entries.next();
      } catch (FormatException e) {
        throw new DamagedException("object " + indirect + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw ContentObjectReader.failure(e);
      }
      if (expectedLength >= 0
          && (entry == null ? entries.length() != expectedLength : entry.end() > expectedLength)) {
        throw new DamagedException(
            "object "
                + indirect
                + " has another length than the "
                + expectedLength
                + " bytes expected");
      }
      return entry;
    }

    void close() {
      entries.close();
      try {
        bytes.close();
      } catch (IOException e) {
        throw new IllegalStateException(e); // nothing is closed but buffers
      }
    }
  }
}
