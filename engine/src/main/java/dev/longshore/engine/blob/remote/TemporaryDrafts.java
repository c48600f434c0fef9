package dev.longshore.engine.blob.remote;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Drafts of stores that take a blob only whole: in memory as far as there is some, and else in a
/// temporary file without a name, so that nothing stays after a crash.
///
/// A draft lives seconds; the system writes to the disk what is older, so most never get there.
public final class TemporaryDrafts {
  private static final System.Logger LOG = System.getLogger(TemporaryDrafts.class.getName());
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Optional<Path> place;
  private final DraftMemory memory;
  private boolean usable;
  private boolean tried;

  /// @param space its folder is made when it is needed
  public TemporaryDrafts(DraftSpace space) {
    this.place = space.folder();
    this.memory = new DraftMemory(space.memoryBytes());
  }

  /// Tells whether files can be written in the folder; tries it once.
  public synchronized boolean areUsable() {
    if (!tried && place.isPresent()) {
      try {
        Files.createDirectories(place.get());
        open(place.get()).close();
        usable = true;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.INFO, "packs are built in memory: " + e);
      }
    }
    tried = true;
    return usable;
  }

  private static FileChannel open(Path folder) throws IOException {
    FileSystem system = folder.getFileSystem();
    FileAttribute<?>[] attributes =
        system.supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    Path file = Files.createTempFile(folder, "draft", "", attributes);
    try {
      return FileChannel.open(
          file,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } finally {
      if (attributes.length > 0) {
        // Where a file in use may lose its name, it does so at once.
        Files.deleteIfExists(file);
      }
    }
  }

  /// Puts a whole body in the store.
  @FunctionalInterface
  public interface Publisher {
    void publish(Body body) throws RepositoryException;
  }

  /// Begins a draft.
  ///
  /// @param what the call and the blob, for messages: `put p6259…`
  /// @param publisher called once for each try to publish
  public BlobDraft begin(String what, Publisher publisher) throws RepositoryException {
    if (!areUsable()) {
      throw new IllegalStateException("no folder for drafts");
    }
    Path folder = place.orElseThrow();
    return new Draft(what + ": temporary file in " + folder, folder, publisher);
  }

  private static StoreException localFault(String where, IOException e) {
    return new StoreException(where + ": " + e.getMessage(), Retry.NEVER, e);
  }

  /// Pieces of which each is in memory or in the file, at its place.
  private final class Draft implements BlobDraft {
    private final String where;
    private final Path folder;
    private final Publisher publisher;

    /// By number; null for those in the file. Guarded by this draft.
    private final List<byte @Nullable []> pieces = new ArrayList<>();

    private @Nullable FileChannel file;

    Draft(String where, Path folder, Publisher publisher) {
      this.where = where;
      this.folder = folder;
      this.publisher = publisher;
    }

    @Override
    public void write(long offset, ByteBuffer bytes) throws RepositoryException {
      int end = bytes.limit();
      long at = offset;
      try {
        while (bytes.position() < end) {
          int inside = (int) (at % DraftMemory.PIECE_BYTES);
          int length = Math.min(end - bytes.position(), DraftMemory.PIECE_BYTES - inside);
          bytes.limit(bytes.position() + length);
          writeInside(at, bytes);
          at += length;
        }
      } catch (IOException e) {
        throw localFault(where, e);
      } finally {
        bytes.limit(end);
      }
    }

    private void writeInside(long at, ByteBuffer bytes) throws IOException {
      byte[] piece = pieceAt(at);
      if (piece != null) {
        bytes.get(piece, (int) (at % DraftMemory.PIECE_BYTES), bytes.remaining());
        return;
      }
      FileChannel target = file();
      int end = bytes.limit();
      long place = at;
      while (bytes.position() < end) {
        // The JDK keeps a native buffer of the largest piece for each thread.
        bytes.limit(Math.min(end, bytes.position() + Body.PIECE_BYTES));
        place += target.write(bytes, place);
      }
    }

    /// The piece that a place is in, made with those before it if need be; null for the file.
    private synchronized byte @Nullable [] pieceAt(long at) {
      long number = at / DraftMemory.PIECE_BYTES;
      while (pieces.size() <= number) {
        pieces.add(memory.take());
      }
      return pieces.get((int) number);
    }

    private synchronized FileChannel file() throws IOException {
      FileChannel known = file;
      if (known == null) {
        known = open(folder);
        file = known;
      }
      return known;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws RepositoryException {
      try {
        forEachPart(
            offset, into.remaining(), (bytes, start, length) -> into.put(bytes, start, length));
      } catch (IOException e) {
        throw localFault(where, e);
      }
    }

    /// Hands out a range in parts of at most [Body#PIECE_BYTES].
    private void forEachPart(long offset, long length, Body.PieceReceiver receiver)
        throws IOException {
      byte[] read = new byte[0];
      long end = offset + length;
      for (long at = offset; at < end; ) {
        int inside = (int) (at % DraftMemory.PIECE_BYTES);
        int room = Math.min(Body.PIECE_BYTES, DraftMemory.PIECE_BYTES - inside);
        int part = (int) Math.min(room, end - at);
        byte[] piece = pieceAt(at);
        if (piece != null) {
          receiver.receive(piece, inside, part);
        } else {
          if (read.length < part) {
            read = new byte[part];
          }
          fill(at, ByteBuffer.wrap(read, 0, part));
          receiver.receive(read, 0, part);
        }
        at += part;
      }
    }

    private void fill(long offset, ByteBuffer into) throws IOException {
      FileChannel source = file();
      long at = offset;
      while (into.hasRemaining()) {
        int got = source.read(into, at);
        if (got < 0) {
          throw new IOException("it ends at " + at + " bytes");
        }
        at += got;
      }
    }

    @Override
    public void publish(long length) throws RepositoryException {
      publisher.publish(new Body.OfParts(length, receiver -> forEachPart(0, length, receiver)));
    }

    @Override
    public synchronized void close() {
      for (byte[] piece : pieces) {
        if (piece != null) {
          memory.giveBack(piece);
        }
      }
      pieces.clear();
      if (file != null) {
        try {
          file.close();
        } catch (IOException e) {
          LOG.log(System.Logger.Level.WARNING, where + ": cannot be closed", e);
        }
      }
    }
  }
}
