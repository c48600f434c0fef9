package dev.longshore.engine.simulation;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Somebody who uses the repository now and then, in one process or several one after the other.
/// One thread; the engine may use others below it.
abstract class Actor {
  private static final int CLOCK_JUMPS = 8;

  private final World world;
  private final Base base;
  private final String name;
  private final UnaryOperator<BlobStore> way;
  private int processes;
  private @Nullable Client client;

  /// A process with an open repository.
  record Client(ClientProcess process, Repository repository) {}

  /// @param way to the store, on top of the process's own
  Actor(World world, Base base, String name, UnaryOperator<BlobStore> way) {
    this.world = world;
    this.base = base;
    this.name = name;
    this.way = way;
  }

  final World world() {
    return world;
  }

  final RandomGenerator random() {
    return world.random();
  }

  /// How long until it acts again.
  abstract Duration rest();

  /// Does something.
  abstract void act(Client client) throws IOException;

  /// Acts until a time.
  final void live(Instant end) {
    world.time().pause(rest()).await();
    while (world.time().now().isBefore(end)) {
      turn();
      world.time().pause(rest()).await();
    }
  }

  /// Acts once. What the repository's faults do to it is of no interest here.
  final void turn() {
    Client current = null;
    boolean failed = true;
    try {
      current = client();
      if (random().nextInt(CLOCK_JUMPS) == 0) {
        current.process.skew(world.anySkew());
      }
      act(current);
      failed = false;
    } catch (IOException e) {
      world.trace(name, "fails: " + e.getMessage());
    } catch (RuntimeException e) {
      // What a dead process does to itself harms nobody.
      if (current == null || !current.process.isDead()) {
        throw e;
      }
    }
    if (current != null && (current.process.isDead() || random().nextInt(failed ? 2 : 4) == 0)) {
      leave(current);
    }
  }

  private Client client() throws RepositoryException {
    Client current = client;
    if (current == null) {
      ClientProcess process = new ClientProcess(world, name + "." + ++processes);
      process.trace("begins");
      Repository repository =
          base.clients()
              .open(way.apply(process.store()), name, process.clock(), process.chance(), process);
      current = new Client(process, repository);
      client = current;
    }
    return current;
  }

  private void leave(Client current) {
    client = null;
    try {
      current.repository.close();
    } catch (RepositoryException e) {
      world.trace(name, "fails to close: " + e.getMessage());
    }
    world.trace(name, "ends");
  }
}
