package dev.longshore.mover.upkeep;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.id.ManifestId;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.MoverTask;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.store.RepositoryAccess;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Deletes snapshots by their ids. One that is not there is no failure, as it is what was wanted;
/// of what is no snapshot nothing is deleted.
public final class ForgetTask implements MoverTask {
  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;

  public ForgetTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(ForgetTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    run.options().required(TaskOption.SNAPSHOT);
    try (Repository repository = access.open()) {
      List<ManifestId> known = new ArrayList<>();
      int unknown = 0;
      for (String id : new LinkedHashSet<>(run.options().all(TaskOption.SNAPSHOT))) {
        if (ManifestId.isValid(id) && isSnapshot(repository, new ManifestId(id))) {
          known.add(new ManifestId(id));
        } else {
          log.info("there is no snapshot " + id);
          unknown++;
        }
      }
      if (!known.isEmpty()) {
        delete(repository, known);
      }
      return TaskReport.completed(
          "",
          0,
          0,
          Map.of(
              "forgotten", Integer.toString(known.size()), "unknown", Integer.toString(unknown)));
    } catch (UnsupportedException e) {
      throw new MoverFailure(Reasons.BAD_LOCATION, Reasons.message(e), false, e);
    }
  }

  private static boolean isSnapshot(Repository repository, ManifestId id)
      throws RepositoryException {
    try {
      return new SnapshotCatalog(repository.manifests()).load(id).isPresent();
    } catch (DamagedException e) {
      return true; // One whose document cannot be read may go too.
    }
  }

  private static void delete(Repository repository, List<ManifestId> ids)
      throws RepositoryException {
    var _ =
        repository.write(
            WriteOptions.forPurpose("forget snapshots"),
            writer -> {
              new SnapshotEditor(writer.manifests()).delete(ids);
              return ids;
            });
  }
}
