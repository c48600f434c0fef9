package dev.longshore.engine.snapshot;

import dev.longshore.engine.concurrent.WorkThreads;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Saves, from time to time, what an upload has so far: after a crash the next upload goes on from
/// there, and no maintenance takes the contents for garbage.
///
/// A checkpoint that fails breaks the upload off, for its contents would no longer be protected.
final class Checkpointer implements AutoCloseable {
  private final RepositoryWriter writer;
  private final UploadSettings settings;
  private final UploadContext context;
  private final SnapshotManifest prototype;
  private final CheckpointRegistry registry;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  /// Starts.
  ///
  /// @param registry holds the root while it is read
  Checkpointer(
      RepositoryWriter writer,
      UploadSettings settings,
      UploadContext context,
      SnapshotManifest prototype,
      CheckpointRegistry registry) {
    this.writer = writer;
    this.settings = settings;
    this.context = context;
    this.prototype = prototype;
    this.registry = registry;
    this.thread = WorkThreads.named("checkpoint").newThread(this::run);
    thread.start();
  }

  private void run() {
    long nanos = settings.options().checkpointInterval().toNanos();
    try {
      while (!end.await(nanos, TimeUnit.NANOSECONDS)) {
        checkpoint();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but the end of the program.
      Thread.currentThread().interrupt();
    } catch (RepositoryException | RuntimeException | Error e) {
      context.breakOff(e);
    }
  }

  private void checkpoint() throws RepositoryException {
    List<DirEntry> roots = registry.run(context.random);
    if (roots.isEmpty()) {
      return;
    }
    SnapshotManifest snapshot =
        new SnapshotManifest(
            null,
            prototype.source(),
            prototype.description(),
            prototype.startNanos(),
            GoTime.epochNanos(writer.repository().clock().instant()),
            prototype.stats(),
            prototype.incomplete(),
            roots.getFirst(),
            settings.options().checkpointTags(),
            List.of());
    SnapshotEditor editor = new SnapshotEditor(writer.manifests());
    editor.save(snapshot);
    editor.expire(prototype.source(), settings.zone(), true);
    writer.flush();
    settings.progress().checkpointed();
  }

  /// Ends, after a checkpoint that is under way.
  @Override
  public void close() {
    end.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
