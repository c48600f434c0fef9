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
import java.util.Optional;
import java.util.Set;

/// Drafts of stores that take a blob only whole: each is a temporary file without a name, so that
/// it takes no memory of the process and nothing stays after a crash.
///
/// A draft lives seconds; the system writes to the disk what is older, so most never get there.
public final class TemporaryDrafts {
  private static final System.Logger LOG = System.getLogger(TemporaryDrafts.class.getName());
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Optional<Path> place;
  private boolean usable;
  private boolean tried;

  /// @param place the folder, which is made when it is needed; empty for none
  public TemporaryDrafts(Optional<Path> place) {
    this.place = place;
  }

  /// Tells whether files can be written there; tries it once.
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
    String where = what + ": temporary file in " + folder;
    try {
      return new Draft(where, open(folder), publisher);
    } catch (IOException e) {
      throw localFault(where, e);
    }
  }

  private static StoreException localFault(String where, IOException e) {
    return new StoreException(where + ": " + e.getMessage(), Retry.NEVER, e);
  }

  private static final class Draft implements BlobDraft {
    private final String where;
    private final FileChannel file;
    private final Publisher publisher;

    Draft(String where, FileChannel file, Publisher publisher) {
      this.where = where;
      this.file = file;
      this.publisher = publisher;
    }

    @Override
    public void write(long offset, ByteBuffer piece) throws RepositoryException {
      int start = piece.position();
      int end = piece.limit();
      try {
        while (piece.position() < end) {
          // The JDK keeps a native buffer of the largest piece for each thread.
          piece.limit(Math.min(end, piece.position() + Body.PIECE_BYTES));
          file.write(piece, offset + piece.position() - start);
        }
      } catch (IOException e) {
        throw localFault(where, e);
      } finally {
        piece.limit(end);
      }
    }

    @Override
    public void read(long offset, ByteBuffer into) throws RepositoryException {
      try {
        Body.OfFile.fill(file, offset, into);
      } catch (IOException e) {
        throw localFault(where, e);
      }
    }

    @Override
    public void publish(long length) throws RepositoryException {
      publisher.publish(new Body.OfFile(file, length));
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, where + ": cannot be closed", e);
      }
    }
  }
}
