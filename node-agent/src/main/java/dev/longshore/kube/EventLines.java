package dev.longshore.kube;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An answer that goes on, cut into its lines as they arrive. Takes in no more than what is read
/// soon: the server waits meanwhile. Safe for use by many threads.
final class EventLines implements BodySubscriber<EventLines>, AutoCloseable {
  /// So many bytes wait to be read before the server has to wait.
  private static final int ENOUGH = 256 << 10;

  private final int maxLine;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private int waiting;
  private boolean asked;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;
  private Flow.@Nullable Subscription subscription;
  private long lastHeard = System.nanoTime();

  EventLines(int maxLine) {
    this.maxLine = maxLine;
  }

  @Override
  public CompletionStage<EventLines> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    lock.lock();
    try {
      subscription = given;
      if (closed) {
        given.cancel();
      } else {
        ask();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    Flow.Subscription from = subscription;
    if (from != null && !asked && !ended && waiting < ENOUGH) {
      asked = true;
      lastHeard = System.nanoTime(); // what came before we asked is our own silence
      from.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    lock.lock();
    try {
      asked = false;
      lastHeard = System.nanoTime();
      for (ByteBuffer buffer : buffers) {
        append(buffer);
      }
      if (partial.size() > maxLine) {
        fail(new IOException("a line of more than " + maxLine + " bytes"));
      } else {
        ask();
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void append(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        partial.write(bytes, start, i - start);
        lines.add(partial.toByteArray());
        waiting += partial.size();
        partial = new ByteArrayOutputStream();
        start = i + 1;
      }
    }
    partial.write(bytes, start, bytes.length - start);
  }

  private void fail(IOException why) {
    failure = why;
    ended = true;
    Flow.Subscription from = subscription;
    if (from != null) {
      from.cancel();
    }
  }

  @Override
  public void onError(Throwable why) {
    end(why instanceof IOException known ? known : new IOException(why));
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable IOException why) {
    lock.lock();
    try {
      ended = true;
      if (failure == null) {
        failure = why;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The next line without its end.
  ///
  /// @return null if none came in time
  /// @throws IOException when there will be none any more
  byte @Nullable [] next(Duration wait) throws IOException, InterruptedException {
    long nanos = wait.toNanos();
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new IOException("it was closed");
        }
        byte[] line = lines.poll();
        if (line != null) {
          waiting -= line.length;
          ask();
          return line;
        }
        if (failure != null) {
          throw failure;
        }
        if (ended) {
          throw new IOException("the server ended it");
        }
        if (nanos <= 0) {
          return null;
        }
        nanos = arrived.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Everything up to the end, of an answer that is an error.
  InputStream whole(Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    lock.lock();
    try {
      while (!ended && System.nanoTime() < end && waiting + partial.size() < ENOUGH) {
        long _ = arrived.awaitNanos(end - System.nanoTime());
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      lines.forEach(all::writeBytes);
      all.writeBytes(partial.toByteArray());
      return new ByteArrayInputStream(all.toByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return InputStream.nullInputStream();
    } finally {
      lock.unlock();
    }
  }

  /// How long nothing has come.
  Duration silence() {
    lock.lock();
    try {
      return Duration.ofNanos(System.nanoTime() - lastHeard);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      lines.clear();
      partial.reset();
      Flow.Subscription from = subscription;
      if (from != null) {
        from.cancel();
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
