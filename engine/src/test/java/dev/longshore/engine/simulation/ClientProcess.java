package dev.longshore.engine.simulation;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One process of one client: its clock, its chance, its way to the store. When it has died, no
/// call of it reaches the store any more, and its threads come to their ends by exceptions; what
/// was on its way may still arrive.
final class ClientProcess implements Sleeper {
  private static final int USUAL_MILLIS = 400;

  /// With the time for which a state of the epochs is good, and all tries of a call, this stays
  /// below the least length of an epoch.
  private static final int SLOW_MILLIS = 20 * 60_000;

  private static final Duration LATEST_ARRIVAL = Duration.ofMinutes(15);

  private final World world;
  private final String name;
  private final SeededRandom chance;
  private final Set<VirtualTime.Pause> pauses = new LinkedHashSet<>();
  private Duration skew;
  private boolean dead;

  ClientProcess(World world, String name) {
    this.world = world;
    this.name = name;
    this.chance = new SeededRandom(world.random().nextLong());
    this.skew = world.anySkew();
  }

  String name() {
    return name;
  }

  boolean isDead() {
    return dead;
  }

  /// Nonces and names.
  SeededRandom chance() {
    return chance;
  }

  /// Sets the clock.
  void skew(Duration newSkew) {
    skew = newSkew;
    trace("clock is off by " + newSkew);
  }

  /// The process's idea of the time.
  Clock clock() {
    return new SkewedClock();
  }

  BlobStore store() {
    return new Connection();
  }

  void trace(String what) {
    world.trace(name, what);
  }

  /// Ends the process.
  void die() {
    trace("dies");
    dead = true;
    List.copyOf(pauses).forEach(VirtualTime.Pause::end);
  }

  /// Lets time pass, unless the process dies meanwhile.
  @Override
  public void sleep(Duration duration) {
    if (!dead) {
      VirtualTime.Pause pause = world.time().pause(duration);
      pauses.add(pause);
      pause.await();
      pauses.remove(pause);
    }
  }

  /// @throws StoreException if the process is dead
  void requireAlive() throws StoreException {
    if (dead) {
      throw new StoreException("process " + name + " is no more", Retry.NEVER);
    }
  }

  private final class SkewedClock extends Clock {
    @Override
    public Instant instant() {
      return world.time().now().plus(skew);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /// What a call does to the bucket, in no time.
  @FunctionalInterface
  private interface Effect<T> {
    T happen() throws RepositoryException;
  }

  /// The network and the store as this process sees them.
  private final class Connection implements BlobStore {
    private <T> T call(String what, boolean changes, Effect<T> effect) throws RepositoryException {
      requireAlive();
      Weather weather = world.weather();
      double fate = world.random().nextDouble();
      boolean slow = world.random().nextDouble() < weather.slow();
      Duration there = Duration.ofMillis(world.random().nextInt(slow ? SLOW_MILLIS : USUAL_MILLIS));
      Duration back = Duration.ofMillis(world.random().nextInt(USUAL_MILLIS));
      if ((fate -= weather.dies()) < 0) {
        die(what, there, changes, effect);
      }
      sleep(there);
      requireAlive();
      if ((fate -= weather.fails()) < 0) {
        throw failure(what, "fails", Retry.BACKOFF);
      }
      if ((fate -= weather.failsForGood()) < 0) {
        throw failure(what, "fails for good", Retry.NEVER);
      }
      if ((fate -= weather.timesOut()) < 0) {
        throw timeout(what, changes, effect);
      }
      T result = effect.happen();
      if ((fate -= weather.failsAfter()) < 0) {
        throw failure(what, "done but fails", Retry.BACKOFF);
      }
      trace(what);
      sleep(back);
      requireAlive();
      return result;
    }

    private void die(String what, Duration there, boolean changes, Effect<?> effect)
        throws RepositoryException {
      switch (world.random().nextInt(3)) {
        case 0 -> trace("at " + what);
        case 1 -> {
          trace("after " + what);
          sleep(there);
          if (changes && !dead) {
            effect.happen();
          }
        }
        default -> {
          trace("during " + what);
          arriveLater(what, changes, effect);
        }
      }
      ClientProcess.this.die();
      requireAlive();
    }

    private StoreException timeout(String what, boolean changes, Effect<?> effect)
        throws StoreException {
      arriveLater(what, changes, effect);
      trace(what + " takes long");
      sleep(Duration.ofSeconds(30 + world.random().nextInt(300)));
      requireAlive();
      return failure(what, "timed out", Retry.BACKOFF);
    }

    private void arriveLater(String what, boolean changes, Effect<?> effect) {
      if (changes && world.random().nextBoolean()) {
        Duration delay = Duration.ofMillis(world.random().nextLong(LATEST_ARRIVAL.toMillis()));
        world
            .time()
            .after(
                delay,
                () -> {
                  trace(what + " arrives late");
                  try {
                    Object _ = effect.happen();
                  } catch (RepositoryException e) {
                    trace(String.valueOf(e.getMessage()));
                  }
                });
      }
    }

    private StoreException failure(String what, String how, Retry retry) {
      trace(what + " " + how);
      return new StoreException(what + " " + how, retry);
    }

    private Bucket.Version find(BlobId id) throws NotFoundException {
      boolean stale = world.random().nextDouble() < world.weather().spoils() / 3;
      Optional<Bucket.Version> before = stale ? world.bucket().stale(id) : Optional.empty();
      if (before.isPresent()) {
        trace("reads what was there before " + id);
        return before.get();
      }
      return world
          .bucket()
          .get(id)
          .orElseThrow(() -> {
            trace(id + " is not there");
            return new NotFoundException("blob " + id + " is not there");
          });
    }

    private byte[] spoiled(String what, byte[] bytes) {
      if (bytes.length == 0 || world.random().nextDouble() >= world.weather().spoils()) {
        return bytes;
      }
      int at = world.random().nextInt(bytes.length);
      if (world.random().nextBoolean()) {
        trace(what + " is cut at " + at);
        return Arrays.copyOf(bytes, at);
      }
      trace(what + " is flipped at " + at);
      bytes[at] ^= (byte) (1 << world.random().nextInt(8));
      return bytes;
    }

    @Override
    public byte[] get(BlobId id) throws RepositoryException {
      String what = "get " + id;
      return spoiled(what, call(what, false, () -> find(id).bytes().clone()));
    }

    @Override
    public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
      String what = "get " + id + " " + offset + "+" + length;
      return spoiled(what, call(what, false, () -> Bucket.range(id, find(id), offset, length)));
    }

    @Override
    public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
      return call(
          "metadata " + id,
          false,
          () ->
              world
                  .bucket()
                  .get(id)
                  .map(found -> new BlobMetadata(id, found.bytes().length, found.time())));
    }

    @Override
    public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      boolean lies = world.random().nextDouble() < world.weather().putLies();
      String what = "put " + id + (lies ? " (a lie)" : "");
      boolean _ =
          call(
              what,
              true,
              () -> {
                if (!lies) {
                  world.bucket().put(id, bytes, world.anyLag());
                }
                return true;
              });
    }

    @Override
    public void delete(BlobId id) throws RepositoryException {
      boolean lies = world.random().nextDouble() < world.weather().lies();
      String what = "delete " + id + (lies ? " (a lie)" : "");
      boolean _ =
          call(
              what,
              true,
              () -> {
                if (!lies) {
                  world.bucket().delete(id, world.anyLag());
                }
                return true;
              });
    }

    @Override
    public void list(String prefix, Visitor visitor) throws RepositoryException {
      List<BlobMetadata> listed =
          call("list " + prefix, false, () -> new ArrayList<>(world.bucket().list(prefix, true)));
      for (BlobMetadata blob : listed) {
        visitor.visit(blob);
      }
    }

    @Override
    public StoreDescription description() {
      return new StoreDescription("memory", "Simulation", "{}");
    }

    @Override
    public Optional<Capacity> capacity() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
