package dev.longshore.engine.simulation;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.maintenance.MaintenanceListener;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.engine.maintenance.MaintenanceReport;
import dev.longshore.engine.maintenance.MaintenanceSafety;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Some days in the life of a repository, decided by one seed.
final class Simulation {
  private static final int MIN_DAYS = 2;
  private static final int MAX_DAYS = 6;
  private static final Duration BETWEEN_CHECKS = Duration.ofHours(31);
  private static final int CLOSING_MAINTENANCES = 3;

  private final Rules rules;
  private final VirtualTime time;
  private final RandomGenerator random;
  private final World world;
  private final Base base;
  private final Instant end;
  private int alive;
  private boolean closed;
  private @Nullable Throwable failure;

  /// What became of a run.
  ///
  /// @param failure what was lost, or went wrong otherwise
  record Outcome(
      long seed, Optional<Throwable> failure, List<String> trace, int finished, int maintenances) {
    /// Whether a snapshot was lost.
    boolean isLoss() {
      return failure.isPresent() && failure.get() instanceof Ledger.Loss;
    }
  }

  private final long seed;

  private Simulation(long seed, Rules rules) {
    this.seed = seed;
    this.rules = rules;
    this.random = Seeds.generator(seed);
    this.time = new VirtualTime(Base.START, random);
    this.base = random.nextInt(3) == 0 ? Base.V0 : Base.EPOCHS;
    Weather weather = rules.weather().apply(Weather.of(random));
    this.world = new World(time, random, base.bucket(time), weather);
    this.end =
        Base.START.plus(
            Duration.ofHours(24 * MIN_DAYS + random.nextInt(24 * (MAX_DAYS - MIN_DAYS))));
    world.trace("world", weather + " until " + end + (base == Base.V0 ? ", no epochs" : ""));
  }

  /// Runs.
  static Outcome run(long seed, Rules rules) {
    return new Simulation(seed, rules).run();
  }

  private Outcome run() {
    Maintainer maintainer = new Maintainer(world, base, rules);
    try {
      actors(maintainer);
      time.after(BETWEEN_CHECKS, this::checkAgain);
      time.run(() -> alive == 0 || failure != null);
      if (failure == null) {
        world.trace("world", "is calm from now on");
        world.calm();
        check();
        live("closing", this::close);
        time.run(() -> closed || failure != null);
      }
      if (failure == null) {
        check();
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    Throwable found = failure;
    if (found != null) {
      world.trace("world", "ends: " + found);
    }
    return new Outcome(
        seed,
        Optional.ofNullable(found),
        world.trace(),
        world.ledger().finished(),
        maintainer.ended());
  }

  private void actors(Maintainer maintainer) {
    List<byte[]> pool = new ArrayList<>();
    List<Actor> actors = new ArrayList<>(List.of(maintainer));
    int writers = 2 + random.nextInt(2);
    for (int i = 0; i < writers; i++) {
      SourceModel source = new SourceModel(random, pool);
      actors.add(
          random.nextInt(3) == 0
              ? new KopiaWriter(world, base, rules, "kopia" + i, source)
              : new Writer(world, base, rules, "writer" + i, source));
    }
    for (Actor actor : actors) {
      live(actor.getClass().getSimpleName(), () -> actor.live(end));
    }
  }

  private void live(String name, Runnable body) {
    alive++;
    time.start(
        name,
        () -> {
          try {
            body.run();
          } catch (Throwable e) {
            failure = failure == null ? e : failure;
          } finally {
            alive--;
          }
        });
  }

  /// What maintenance has left to do must not harm anything either, and it must be able to.
  private void close() {
    ClientProcess process = new ClientProcess(world, "closing");
    try (Repository repository =
        base.clients()
            .open(process.store(), "maintainer", process.clock(), process.chance(), process)) {
      for (int i = 0; i < CLOSING_MAINTENANCES; i++) {
        process.sleep(Duration.ofHours(25));
        Maintenance.Options options =
            new Maintenance.Options(
                MaintenanceMode.FULL, MaintenanceSafety.FULL, false, false, 2, Optional.empty());
        Optional<MaintenanceReport> _ =
            Maintenance.run(repository, options, random, MaintenanceListener.NONE);
      }
    } catch (RepositoryException e) {
      if (!rules.tolerant()) {
        failure = new Ledger.Loss("maintenance does not go on: " + e.getMessage(), e);
      }
    }
    closed = true;
  }

  private void checkAgain() {
    check();
    time.after(BETWEEN_CHECKS, this::checkAgain);
  }

  /// Restores everything, as a new client would that sees what is there.
  private void check() {
    try (Repository repository =
        base.clients()
            .open(
                world.bucket().truth(),
                "auditor",
                Clock.fixed(time.now(), ZoneOffset.UTC),
                new SeededRandom(1),
                wait -> {})) {
      world.ledger().check(repository, rules.tolerant());
    } catch (Ledger.Loss e) {
      failure = e;
    } catch (RepositoryException e) {
      if (!rules.tolerant()) {
        failure = new Ledger.Loss("the repository cannot be opened: " + e.getMessage(), e);
      }
    }
  }
}
