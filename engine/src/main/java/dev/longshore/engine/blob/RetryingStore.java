package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Tries calls again whose fault said that it can help ([StoreException.Retry#BACKOFF]).
///
/// All calls are idempotent, so all may be tried again, with two exceptions. A put that must not
/// replace is tried once: after a fault nobody knows whether it took effect. A list is tried again
/// only while its visitor has seen nothing, as no blob may be visited twice and a million names are
/// not held back for the sake of a rare fault; stores that list in pages try each page again
/// themselves.
public final class RetryingStore extends ForwardingStore {
  private final Retrier retrier;

  /// @param random spreads the waits of many clients; need not be secure, must be thread-safe
  public RetryingStore(
      BlobStore inner, RetryPolicy policy, Clock clock, RandomGenerator random, Sleeper sleeper) {
    super(inner);
    this.retrier = new Retrier(policy, clock, random, sleeper);
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return retry(() -> inner().get(id));
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    return retry(() -> inner().getRange(id, offset, length));
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    int start = into.position();
    retry(() -> {
      into.position(start);
      inner().getRange(id, offset, into);
      return true;
    });
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    return retry(() -> inner().metadata(id));
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    if (options.ifAbsent()) {
      inner().put(id, content, options);
      return;
    }
    int start = content.position();
    retry(() -> {
      content.position(start);
      inner().put(id, content, options);
      return true;
    });
  }

  /// What is written to a draft is not lost by a fault, so each step can be tried again.
  @Override
  public BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
      throws RepositoryException {
    BlobDraft draft = retry(() -> inner().draft(id, expectedBytes, options));
    return new ForwardingDraft(draft) {
      @Override
      public void write(long offset, ByteBuffer piece) throws RepositoryException {
        int start = piece.position();
        retry(() -> {
          draft.write(offset, piece.position(start));
          return true;
        });
      }

      @Override
      public void read(long offset, ByteBuffer into) throws RepositoryException {
        int start = into.position();
        retry(() -> {
          draft.read(offset, into.position(start));
          return true;
        });
      }

      @Override
      public void publish(long length) throws RepositoryException {
        if (options.ifAbsent()) {
          draft.publish(length);
          return;
        }
        retry(() -> {
          draft.publish(length);
          return true;
        });
      }
    };
  }

  @Override
  public boolean draftsInMemory() {
    return inner().draftsInMemory();
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    retry(() -> {
      inner().extendRetention(id, retention);
      return true;
    });
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    retry(() -> {
      inner().delete(id);
      return true;
    });
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    boolean[] visited = new boolean[1];
    retry(() -> {
      try {
        inner()
            .list(
                prefix,
                blob -> {
                  visited[0] = true;
                  visitor.visit(blob);
                });
      } catch (StoreException e) {
        if (visited[0] && e.retry() != Retry.NEVER) {
          throw new StoreException(String.valueOf(e.getMessage()), Retry.NEVER, e);
        }
        throw e;
      }
      return true;
    });
  }

  @Override
  public Optional<Capacity> capacity() throws RepositoryException {
    return retry(() -> inner().capacity());
  }

  private <T> T retry(Retrier.Call<T> call) throws RepositoryException {
    return retrier.call(call);
  }
}
