package dev.longshore.engine.blob.fs;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A blob in a temporary file beside its place.
final class FileDraft implements BlobDraft {
  private static final System.Logger LOG = System.getLogger(FileDraft.class.getName());

  private final String what;
  private final Path root;
  private final FileWriter.Draft file;
  private final PutOptions options;

  /// @param what the call and the blob, for messages
  FileDraft(String what, Path root, FileWriter.Draft file, PutOptions options) {
    this.what = what;
    this.root = root;
    this.file = file;
    this.options = options;
  }

  @Override
  public void write(long offset, ByteBuffer piece) throws RepositoryException {
    int bytes = piece.remaining();
    try {
      file.write(offset, piece);
    } catch (IOException e) {
      throw StoreFaults.ofWrite(what, root, bytes, e);
    }
  }

  @Override
  public void read(long offset, ByteBuffer into) throws RepositoryException {
    try {
      file.read(offset, into);
    } catch (IOException e) {
      throw StoreFaults.of(what + ": read back", e);
    }
  }

  @Override
  public void publish(long length) throws RepositoryException {
    try {
      if (!file.publish(length, options)) {
        throw new StoreException(what + ": it exists already", Retry.NEVER);
      }
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      // What did not become durable must be written again, not only synchronised again.
      RepositoryException fault = StoreFaults.ofWrite(what, root, 0, e);
      throw new StoreException(String.valueOf(fault.getMessage()), Retry.NEVER, fault);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, what + ": cannot remove the temporary file", e);
    }
  }
}
