package dev.longshore.engine.blob.check;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/// Many workers on one store: what one has written, all others see at once and as a whole.
final class ConcurrencyCheck {
  private static final int MAX_PAUSE_MILLIS = 500;

  private final List<BlobStore> connections;
  private final ProviderCheckOptions options;
  private final Clock clock;
  private final RandomGenerator random;
  private final String prefix;
  private final List<Sample> samples = new CopyOnWriteArrayList<>();

  /// A blob whose bytes follow from a number.
  private static final class Sample {
    final BlobId id;
    final long seed;
    volatile boolean written;

    Sample(BlobId id, long seed) {
      this.id = id;
      this.seed = seed;
    }
  }

  ConcurrencyCheck(
      List<BlobStore> connections,
      ProviderCheckOptions options,
      Clock clock,
      RandomGenerator random,
      String prefix) {
    this.connections = connections;
    this.options = options;
    this.clock = clock;
    this.random = random;
    this.prefix = prefix;
  }

  /// What was written, or was to be.
  List<BlobId> ids() {
    return samples.stream().map(sample -> sample.id).toList();
  }

  void run() throws RepositoryException {
    Instant end = clock.instant().plus(options.concurrency());
    int workers = options.putters() + options.getters() + options.lookers() + options.listers();
    try (var scope = new Scope("concurrency check", Math.max(1, workers))) {
      fork(scope, end, options.putters(), this::putOne);
      fork(scope, end, options.getters(), this::getOne);
      fork(scope, end, options.lookers(), this::lookAtOne);
      fork(scope, end, options.listers(), this::listAll);
      scope.join();
    }
  }

  private void fork(Scope scope, Instant end, int workers, Scope.Task step)
      throws RepositoryException {
    for (int i = 0; i < workers; i++) {
      scope.fork(() -> {
        while (clock.instant().isBefore(end)) {
          step.run();
        }
      });
    }
  }

  private BlobStore any() {
    return connections.get(random.nextInt(connections.size()));
  }

  private int length(long seed) {
    return new SplittableRandom(seed).nextInt(options.maxBlobBytes());
  }

  private byte[] bytes(long seed) {
    var source = new SplittableRandom(seed);
    byte[] bytes = new byte[source.nextInt(options.maxBlobBytes())];
    source.nextBytes(bytes);
    return bytes;
  }

  private void pause() throws RepositoryException {
    long most = Math.clamp(options.concurrency().toMillis() / 20, 1, MAX_PAUSE_MILLIS);
    try {
      Thread.sleep(random.nextLong(most) + 1);
    } catch (InterruptedException e) {
      throw Faults.interrupted("concurrency check", e);
    }
  }

  private void putOne() throws RepositoryException {
    long seed = random.nextLong();
    Sample sample = new Sample(new BlobId(prefix + Long.toHexString(seed)), seed);
    byte[] content = bytes(seed);
    samples.add(sample);
    pause(); // readers may ask for it before it is there
    any().put(sample.id, ByteBuffer.wrap(content), PutOptions.NONE);
    sample.written = true;
  }

  private Optional<Sample> pick() throws RepositoryException {
    pause();
    int count = samples.size();
    return count == 0 ? Optional.empty() : Optional.of(samples.get(random.nextInt(count)));
  }

  private void getOne() throws RepositoryException {
    Optional<Sample> picked = pick();
    if (picked.isEmpty()) {
      return;
    }
    Sample sample = picked.get();
    boolean mustBeThere = sample.written;
    byte[] found;
    try {
      found = any().get(sample.id);
    } catch (NotFoundException e) {
      if (mustBeThere) {
        throw ProviderCheck.wrong(
            "a read of " + sample.id + ", just written", "it", "no such blob");
      }
      return;
    }
    ProviderCheck.expectBytes(sample.id, bytes(sample.seed), found, "a read beside others");
  }

  private void lookAtOne() throws RepositoryException {
    Optional<Sample> picked = pick();
    if (picked.isEmpty()) {
      return;
    }
    Sample sample = picked.get();
    boolean mustBeThere = sample.written;
    Optional<BlobMetadata> found = any().metadata(sample.id);
    if (found.isEmpty() && mustBeThere) {
      throw ProviderCheck.wrong("a look at " + sample.id + ", just written", "it", "no such blob");
    }
    if (found.isPresent() && found.get().lengthBytes() != length(sample.seed)) {
      throw ProviderCheck.wrong(
          "the length of " + sample.id, length(sample.seed), found.get().lengthBytes());
    }
  }

  private void listAll() throws RepositoryException {
    pause();
    Set<BlobId> expected = new HashSet<>();
    for (Sample sample : samples) {
      if (sample.written) {
        expected.add(sample.id);
      }
    }
    any().list(prefix, blob -> expected.remove(blob.id()));
    if (!expected.isEmpty()) {
      throw ProviderCheck.wrong(
          "a list after writing", expected.iterator().next(), "a list without it");
    }
  }
}
