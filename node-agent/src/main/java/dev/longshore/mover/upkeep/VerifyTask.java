package dev.longshore.mover.upkeep;

import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.ContentRepair;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repair.VerifyPass;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoTime;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.MoverTask;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.store.RepositoryAccess;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads back what a repository holds, some of it in each run; how far it has come is kept in the
/// repository. What is damaged is repaired where another copy is left, and noted otherwise, so that
/// the next backup that has the same data heals it.
public final class VerifyTask implements MoverTask {
  private static final int PARALLEL = 4;
  private static final int MAX_TOLD = 20;

  private final TaskRun run;
  private final RepositoryAccess access;
  private final MoverLog log;

  public VerifyTask(TaskRun run, RepositoryAccess access) {
    this.run = run;
    this.access = access;
    this.log = run.log().of(VerifyTask.class);
  }

  @Override
  public TaskReport run() throws IOException, MoverFailure {
    if (access.isReadOnly()) {
      throw new MoverFailure(
          Reasons.BAD_LOCATION,
          "the storage location is read-only: how far the verification came could not be kept",
          false);
    }
    long budget = run.options().number(TaskOption.MAX_BYTES, Long.MAX_VALUE);
    try (Repository repository = access.openPastCache()) {
      VerifyPass before = VerifyPass.load(repository.manifests(), VerifyPass.Kind.CONTENTS);
      VerifyPass.Slice slice = before.next(repository.contents(), ContentRange.ALL, budget);
      run.progress().total(slice.bytes());
      log.info("reading back %d bytes".formatted(slice.bytes()));
      DamageNotes notes = new DamageNotes();
      ContentVerifier.Report report =
          ContentVerifier.verify(
              repository.contents(),
              new ContentVerifier.Options(
                  ContentRange.ALL, _ -> true, 100, PARALLEL, slice.window()),
              run.surroundings().random(),
              new Listener(notes));
      if (run.cancel().isCancelled()) {
        // What could not be read any more says nothing about the repository.
        return TaskReport.canceled("told to stop");
      }
      run.progress().complete(slice.bytes());
      VerifyPass after =
          before.after(
              slice, report.totalErrorCount(), GoTime.epochNanos(repository.clock().instant()));
      after.save(repository, VerifyPass.Kind.CONTENTS);
      return report(repository, slice, report, notes);
    }
  }

  private TaskReport report(
      Repository repository,
      VerifyPass.Slice slice,
      ContentVerifier.Report report,
      DamageNotes notes)
      throws RepositoryException {
    Map<String, String> details = new TreeMap<>();
    details.put("verifiedBytes", Long.toString(slice.bytes()));
    details.put("verifiedContents", Long.toString(report.readContents()));
    details.put("passEnded", Boolean.toString(slice.isLast()));
    if (report.totalErrorCount() == 0 && notes.mendedCount() == 0) {
      return TaskReport.completed("", slice.bytes(), 0, details);
    }
    ContentRepair.Result repaired = ContentRepair.run(repository, notes);
    notes.save(repository, false);
    long errors = report.totalErrorCount() - repaired.restored();
    details.put("damagedContents", Long.toString(Math.max(0, errors)));
    details.put("repairedContents", Long.toString(repaired.restored() + repaired.rewritten()));
    if (errors <= 0) {
      return TaskReport.completed("", slice.bytes(), 0, details);
    }
    return new TaskReport(
        TaskReport.Outcome.FAILED,
        "",
        slice.bytes(),
        0,
        false,
        errors
            + " contents of the repository are damaged; they are noted, and the next backup"
            + " that has the same data heals them",
        Reasons.REPOSITORY_DAMAGED,
        false,
        details);
  }

  private final class Listener implements ContentVerifier.Listener {
    private final DamageNotes notes;
    private final AtomicInteger told = new AtomicInteger();

    Listener(DamageNotes notes) {
      this.notes = notes;
    }

    @Override
    public void mended(IndexEntry entry) {
      notes.noteMended(entry.contentId());
    }

    @Override
    public void problem(IndexEntry entry, ContentVerifier.Trouble trouble, String what) {
      notes.note(entry, trouble);
      if (told.incrementAndGet() <= MAX_TOLD) {
        log.error("content " + entry.contentId() + ": " + what);
      }
    }

    @Override
    public void progress(long verifiedContents, long errors) {}
  }
}
