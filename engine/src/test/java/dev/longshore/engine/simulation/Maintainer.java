package dev.longshore.engine.simulation;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.KopiaMaintenance;
import dev.longshore.engine.maintenance.Maintenance;
import dev.longshore.engine.maintenance.MaintenanceListener;
import dev.longshore.engine.maintenance.MaintenanceMode;
import dev.longshore.engine.maintenance.MaintenanceReport;
import dev.longshore.engine.testkit.Seeds;
import java.time.Duration;
import java.util.Optional;

/// Maintains the repository, some times as we do and other times as Kopia does.
final class Maintainer extends Actor {
  private final Rules rules;
  private int ended;

  Maintainer(World world, Base base, Rules rules) {
    super(world, base, "maintainer", rules.maintenance());
    this.rules = rules;
  }

  /// How many cycles came to their end.
  int ended() {
    return ended;
  }

  @Override
  Duration rest() {
    return switch (random().nextInt(10)) {
      case 0, 1 -> Duration.ofMinutes(1 + random().nextInt(90));
      case 2, 3, 4, 5 -> Duration.ofMinutes(120 + random().nextInt(480));
      default -> Duration.ofMinutes(900 + random().nextInt(700));
    };
  }

  @Override
  void act(Client client) throws RepositoryException {
    boolean full = random().nextInt(4) != 0;
    boolean kopia = random().nextInt(3) == 0;
    String what = (full ? "a full" : "a quick") + " maintenance" + (kopia ? " of Kopia" : "");
    client.process().trace("begins " + what);
    if (kopia) {
      new KopiaMaintenance(client.repository(), rules.safety(), Seeds.generator(9)).run(full);
    } else {
      maintain(client, full ? MaintenanceMode.FULL : MaintenanceMode.QUICK);
    }
    ended++;
    client.process().trace("has ended " + what);
  }

  private void maintain(Client client, MaintenanceMode mode) throws RepositoryException {
    Maintenance.Options options =
        new Maintenance.Options(
            mode, rules.safety(), false, false, 1 + random().nextInt(3), Optional.empty());
    Optional<MaintenanceReport> _ =
        Maintenance.run(client.repository(), options, Seeds.generator(9), MaintenanceListener.NONE);
  }
}
