package dev.longshore.cli.health;

import dev.longshore.cli.Cli;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.ContentRepair;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repository.Repository;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What is done about damage that was found.
public final class AftermathFlags {
  @Option(
      names = "--repair",
      description =
          "Write anew what error correction mended, and damaged contents of which another copy is"
              + " left.")
  public boolean repair;

  @Option(
      names = "--note-damage",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Note in the repository what is damaged, so that the next backup that has the same data"
              + " heals it (default: true).")
  public boolean noteDamage = true;

  /// Repairs, if that was asked for.
  public Optional<ContentRepair.Result> repair(Cli cli, Repository repository, DamageNotes notes)
      throws RepositoryException {
    if (!repair) {
      if (notes.mendedCount() > 0) {
        cli.notice(
            notes.mendedCount()
                + " contents are damaged and were brought back by error correction: --repair"
                + " writes them anew");
      }
      return Optional.empty();
    }
    ContentRepair.Result result = ContentRepair.run(repository, notes);
    cli.notice(
        "Repaired %d contents that error correction had brought back, and %d of which another copy was left; %d are lost."
            .formatted(result.rewritten(), result.restored(), result.lost()));
    return Optional.of(result);
  }

  /// Notes what is damaged. That it cannot be noted is told and no more.
  ///
  /// @param all whether everything was looked at
  public void note(Cli cli, Repository repository, DamageNotes notes, boolean all) {
    if (!noteDamage || repository.client().readOnly()) {
      return;
    }
    try {
      DamageList known = notes.save(repository, all);
      if (!known.isEmpty()) {
        cli.notice(
            "Noted "
                + known.size()
                + " damaged packs and contents: the next `repo snapshot create` that has the same"
                + " data heals them.");
      }
    } catch (RepositoryException e) {
      cli.notice("repo: warning: what is damaged could not be noted: " + e.getMessage());
    }
  }
}
