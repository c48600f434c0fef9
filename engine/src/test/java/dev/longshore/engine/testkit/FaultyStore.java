package dev.longshore.engine.testkit;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A store that fails as told, to see what its users make of it. Thread-safe.
///
/// Calls are counted from 1, over all kinds; what was called is kept as text (`put p6259…`). A
/// crash makes the call at which it happens and every later one fail, as if the process had died
/// there.
public final class FaultyStore extends ForwardingStore {
  /// What goes wrong at a call.
  public enum Fault {
    /// It fails and did nothing.
    FAIL_BEFORE,
    /// It fails, but took effect.
    FAIL_AFTER,
    /// As [#FAIL_BEFORE], and so does all that follows.
    CRASH_BEFORE,
    /// As [#FAIL_AFTER], and all that follows fails before.
    CRASH_AFTER,
    /// A read gives less than it should.
    SHORT,
    /// A read gives bytes with one bit flipped.
    FLIP
  }

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  private final Set<BlobId> hidden = ConcurrentHashMap.newKeySet();
  private final Retry retry;
  private volatile int faultAt = -1;
  private volatile Fault fault = Fault.FAIL_BEFORE;
  private volatile boolean crashed;
  private volatile boolean hidesNewBlobs;

  /// @param retry what its faults say of trying again
  public FaultyStore(BlobStore inner, Retry retry) {
    super(inner);
    this.retry = retry;
  }

  /// Lets the `n`-th call from the start fail.
  public FaultyStore failAt(int n, Fault kind) {
    fault = kind;
    faultAt = n;
    return this;
  }

  /// Lets the next call fail.
  public void failNext(Fault kind) {
    failAt(count.get() + 1, kind);
  }

  /// Lists do not show what is put from now on, until [#showNewBlobs].
  public void hideNewBlobs() {
    hidesNewBlobs = true;
  }

  /// Lists show everything again.
  public void showNewBlobs() {
    hidesNewBlobs = false;
    hidden.clear();
  }

  /// The number of calls so far.
  public int count() {
    return count.get();
  }

  /// What was called, in order.
  public List<String> calls() {
    return List.copyOf(calls);
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws RepositoryException;
  }

  private <T> T call(String what, Call<T> call) throws RepositoryException {
    int number = count.incrementAndGet();
    calls.add(what);
    if (crashed) {
      throw failure(what, number);
    }
    if (number != faultAt) {
      return call.run();
    }
    return switch (fault) {
      case FAIL_BEFORE -> throw failure(what, number);
      case FAIL_AFTER -> {
        call.run();
        throw failure(what, number);
      }
      case CRASH_BEFORE -> {
        crashed = true;
        throw failure(what, number);
      }
      case CRASH_AFTER -> {
        call.run();
        crashed = true;
        throw failure(what, number);
      }
      case SHORT, FLIP -> call.run();
    };
  }

  private StoreException failure(String what, int number) {
    return new StoreException(what + ": fault on purpose at call " + number, retry);
  }

  private byte[] read(String what, Call<byte[]> call) throws RepositoryException {
    boolean spoil = count.get() + 1 == faultAt && (fault == Fault.SHORT || fault == Fault.FLIP);
    byte[] bytes = call(what, call);
    if (!spoil || bytes.length == 0) {
      return bytes;
    }
    if (fault == Fault.SHORT) {
      return Arrays.copyOf(bytes, bytes.length / 2);
    }
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return read("get " + id, () -> inner().get(id));
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    return read(
        "get " + id + " " + offset + "+" + length, () -> inner().getRange(id, offset, length));
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    into.put(getRange(id, offset, into.remaining()));
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    return call("metadata " + id, () -> inner().metadata(id));
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    call(
        "put " + id,
        () -> {
          if (hidesNewBlobs) {
            hidden.add(id);
          }
          inner().put(id, content, options);
          return true;
        });
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    call(
        "delete " + id,
        () -> {
          inner().delete(id);
          return true;
        });
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    Set<BlobId> invisible = new HashSet<>(hidden);
    call(
        "list " + prefix,
        () -> {
          inner()
              .list(
                  prefix,
                  blob -> {
                    if (!invisible.contains(blob.id())) {
                      visitor.visit(blob);
                    }
                  });
          return true;
        });
  }
}
