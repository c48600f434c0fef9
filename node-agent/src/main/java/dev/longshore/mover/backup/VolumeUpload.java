package dev.longshore.mover.backup;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.attribute.MetadataPolicy;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.NotKept;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.UploadOptions;
import dev.longshore.engine.snapshot.UploadResult;
import dev.longshore.engine.snapshot.Uploader;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import dev.longshore.mover.run.MetadataFailures;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.MoverLog;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.run.TaskRun;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// Reads a volume into a repository and saves the snapshot, as Velero's uploader does: with its
/// policy, tags, description and pin.
///
/// What an upload that ends early has done is saved as an incomplete snapshot without the pin, from
/// which the next one goes on.
final class VolumeUpload {
  private static final String DESCRIPTION = "Kopia Uploader";
  private static final String PIN = "velero-pin";

  /// Counting a volume walks it once more: not for what is done in a moment.
  private static final Duration ESTIMATE_AFTER = Duration.ofSeconds(3);

  private final TaskRun run;
  private final Path volume;
  private final SourceInfo source;
  private final Map<String, String> tags;
  private final UploadListener listener;
  private final MoverLog log;

  /// What was made.
  ///
  /// @param snapshot saved; incomplete if the upload was cancelled
  /// @param healedContents damaged ones that were written anew
  /// @param writtenBytes put into the store
  record Made(
      SnapshotManifest snapshot,
      NotKept notKept,
      long changedFiles,
      long healedContents,
      long writtenBytes) {}

  VolumeUpload(TaskRun run, Path volume, SourceInfo source) throws MoverFailure {
    this.run = run;
    this.volume = volume;
    this.source = source;
    this.tags = run.options().tags();
    this.listener = new UploadListener(run.progress(), run.log());
    this.log = run.log().of(VolumeUpload.class);
  }

  UploadListener listener() {
    return listener;
  }

  /// Uploads and saves.
  ///
  /// @throws MoverFailure if the volume cannot be read as a whole
  Made make(Repository repository, ParentSearch.Found parents) throws IOException, MoverFailure {
    DamageList damage = DamageList.load(repository.manifests());
    var before = repository.usage();
    WriteOptions options = WriteOptions.forPurpose("data mover").healing(damage);
    try (SourceTree tree = open();
        RepositoryWriter writer = repository.openWriter(options)) {
      VolumePolicy.ensure(writer, source, parallel());
      UploadResult result = upload(writer, tree, parents);
      SnapshotManifest snapshot = save(writer, result);
      return new Made(
          snapshot,
          result.notKept(),
          result.changedFiles(),
          damage.healedContents(),
          repository.usage().since(before).writtenBytes());
    }
  }

  private SourceTree open() throws MoverFailure {
    try {
      return run.options().isBlock()
          ? LocalSource.ofDevice(
              volume,
              volume.toAbsolutePath().normalize().toString(),
              run.surroundings().clock().instant())
          : LocalSource.open(volume.toRealPath());
    } catch (IOException e) {
      throw Reasons.ofVolume(e);
    }
  }

  private int parallel() throws MoverFailure {
    long asked = run.options().number(TaskOption.PARALLEL, 0);
    return asked > 0
        ? (int) Math.min(asked, 1024)
        : Math.max(1, Runtime.getRuntime().availableProcessors());
  }

  private UploadResult upload(RepositoryWriter writer, SourceTree tree, ParentSearch.Found parents)
      throws IOException, MoverFailure {
    boolean block = run.options().isBlock();
    UploadOptions options =
        new UploadOptions(
            parallel(),
            0,
            0,
            true,
            run.surroundings().timing().checkpoint(),
            tags,
            // What is in a volume is data, whatever it looks like: caches too.
            false,
            block ? Duration.ZERO : ESTIMATE_AFTER,
            new AttributeOptions(true, false, failures()));
    Uploader uploader =
        new Uploader(writer, options, listener, ZoneOffset.UTC, run.surroundings().random());
    try {
      return uploader.upload(
          tree,
          source,
          new Policies(writer.manifests()).tree(source),
          // A device has no time by which it could be told to be unchanged.
          block ? List.of() : parents.all(),
          run.cancel());
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw Reasons.ofVolume(e);
    }
  }

  /// A failure of the whole is told at the end, with a reason of its own.
  private MetadataPolicy failures() throws MoverFailure {
    return switch (run.options().metadataFailures()) {
      case FAIL, WARN -> MetadataPolicy.WARN;
      case IGNORE -> MetadataPolicy.IGNORE;
    };
  }

  private SnapshotManifest save(RepositoryWriter writer, UploadResult result)
      throws RepositoryException, MoverFailure {
    SnapshotManifest upload = result.manifest();
    SnapshotEditor editor = new SnapshotEditor(writer.manifests());
    if (!upload.isComplete()) {
      SnapshotManifest partial = upload;
      if (upload.root().isPresent()) {
        partial = editor.save(described(upload, List.of()));
        var _ = editor.expire(source, ZoneOffset.UTC, true);
        log.info("what was done is saved in the incomplete snapshot " + id(partial));
      }
      writer.flush();
      if (!run.cancel().isCancelled()) {
        throw unreadable();
      }
      return partial;
    }
    check(result);
    SnapshotManifest snapshot = editor.save(described(upload, List.of(PIN)));
    var _ = editor.expire(source, ZoneOffset.UTC, true);
    writer.flush();
    log.info("saved the snapshot " + id(snapshot));
    return snapshot;
  }

  private void check(UploadResult result) throws MoverFailure {
    long failed =
        result
            .manifest()
            .root()
            .flatMap(root -> root.summary())
            .map(DirSummary::numFailed)
            .orElse(0L);
    if (failed > 0) {
      throw unreadable();
    }
    NotKept notKept = result.notKept();
    long lost = attributesLost(notKept);
    if (lost > 0 && run.options().metadataFailures() == MetadataFailures.FAIL) {
      throw new MoverFailure(
          Reasons.METADATA_FAILED,
          "%d entries have extended attributes, access-control lists or capabilities that the snapshot lacks"
              .formatted(lost),
          false);
    }
  }

  /// Entries some of whose metadata the snapshot does not have.
  static long attributesLost(NotKept notKept) {
    return notKept.extendedAttributes() + notKept.accessControlLists() + notKept.capabilities();
  }

  private MoverFailure unreadable() {
    String error = listener.firstError();
    return new MoverFailure(
        Reasons.VOLUME_UNREADABLE,
        error.isEmpty() ? "the volume cannot be read as a whole" : error,
        true);
  }

  static String id(SnapshotManifest snapshot) {
    return snapshot.id().map(Object::toString).orElse("");
  }

  private SnapshotManifest described(SnapshotManifest upload, List<String> pins) {
    return new SnapshotManifest(
        null,
        upload.source(),
        DESCRIPTION,
        upload.startNanos(),
        upload.endNanos(),
        upload.stats(),
        upload.incomplete(),
        upload.rootOrNull(),
        tags,
        pins);
  }
}
