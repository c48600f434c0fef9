package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.block.restore.BlockTarget;
import dev.longshore.engine.error.FileReason;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.restore.RestoreIssue;
import dev.longshore.engine.restore.RestoreListener;
import dev.longshore.engine.restore.RestoreOptions;
import dev.longshore.engine.restore.RestoreResult;
import dev.longshore.engine.restore.RestoreStats;
import dev.longshore.engine.restore.RestoreTarget;
import dev.longshore.engine.restore.Restorer;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `restore`, also as `snapshot restore`.
@Command(
    name = "restore",
    description = {
      "Restore files and directories.",
      "SOURCE is a snapshot or object id, with or without a path in it (ID/some/path), or a path"
          + " that was backed up: then its latest snapshot is taken, and TARGET may be left out to"
          + " restore in place.",
      "A snapshot of a block device can be restored to a block device, to an image file (raw) or to"
          + " a qcow2 file."
    })
final class RestoreCommand extends RepoCommand {
  @Parameters(index = "0", paramLabel = "SOURCE", description = "What to restore.")
  String source = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description =
          "Where to: a folder, a file, a block device, a disk image (.qcow2) or an archive (.tar,"
              + " .tgz, .tar.gz, .zip).")
  String target = "";

  @Mixin final RestoreFlags flags = new RestoreFlags();
  @Mixin final VolumeFlags volumeFlags = new VolumeFlags();

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "auto, local, tar, tgz, zip or zip-nocompress; for volumes raw or qcow2 (default: auto,"
              + " by what the target is or its name).")
  String mode = "auto";

  @Option(
      names = "--snapshot-time",
      paramLabel = "TIME",
      description =
          "For a path: latest (default), or a time; the newest snapshot that is not later.")
  String snapshotTime = "latest";

  @Option(
      names = "--consistent-attributes",
      negatable = true,
      description =
          "Fail if several snapshots of one root object disagree"
              + " ($KOPIA_RESTORE_CONSISTENT_ATTRIBUTES).")
  boolean consistentAttributes;

  RestoreCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    var cancel = new CancelToken();
    try (Repository repository = cli.connection().open();
        var interrupts = new Interrupts(cli, cancel);
        ProgressLine progress = cli.progressLine()) {
      Path path = Path.of(Sources.local(cli, target.isEmpty() ? inPlace() : target));
      Optional<BlockTarget> volume = volumeTarget(repository, path);
      if (volume.isPresent()) {
        ExitCode code =
            new VolumeRestore(cli, volumeFlags.json, progress, cancel)
                .run(
                    repository,
                    Volumes.find(cli, repository, source, atNanos()),
                    volume.get(),
                    volumeFlags.options(checked()));
        return interrupts.happened() ? ExitCode.INTERRUPTED : code;
      }
      DirEntry root = root(repository);
      RestoreResult result = restore(repository, root, path, new Listener(progress, cancel));
      progress.message(summary(result.stats()));
      return interrupts.happened() ? ExitCode.INTERRUPTED : report(result);
    }
  }

  private DirEntry root(Repository repository) throws RepositoryException {
    String first = source.split("/", 2)[0];
    if (ObjectId.parse(first).isPresent()) {
      boolean consistent =
          consistentAttributes || cli.terminal().flag("KOPIA_RESTORE_CONSISTENT_ATTRIBUTES");
      return SnapshotTree.of(repository).resolve(source, consistent);
    }
    return new EntryLookup(cli, repository).backedUp(source, atNanos());
  }

  private long atNanos() {
    return snapshotTime.equals("latest")
        ? Long.MAX_VALUE
        : SnapshotTimes.parse(snapshotTime, cli.times().zone());
  }

  /// Where a volume goes as a volume; empty if files are restored.
  private Optional<BlockTarget> volumeTarget(Repository repository, Path path) throws IOException {
    return switch (mode) {
      case "raw" -> Optional.of(new BlockTarget.Raw(path));
      case "qcow2" -> Optional.of(new BlockTarget.Qcow2(path));
      case "auto" -> {
        if (BlockDevice.isAt(path)) {
          yield Optional.of(new BlockTarget.Raw(path));
        }
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".qcow2")) {
          yield Optional.of(new BlockTarget.Qcow2(path));
        }
        yield isVolume(repository) && !Files.isDirectory(path)
            ? Optional.of(new BlockTarget.Raw(path))
            : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /// Tells whether the snapshot itself says that it is a volume; others may be files as well.
  private boolean isVolume(Repository repository) throws RepositoryException {
    try {
      return modeFor(target).equals("local")
          && Volumes.find(cli, repository, source, atNanos()).isTagged();
    } catch (NotFoundException e) {
      return false;
    }
  }

  private RestoreFlags checked() {
    flags.options();
    return flags;
  }

  private RestoreResult restore(
      Repository repository, DirEntry root, Path path, RestoreListener listener)
      throws IOException {
    String chosen = mode.equals("auto") ? modeFor(path.toString()) : mode;
    if (!List.of("local", "tar", "tgz", "zip", "zip-nocompress").contains(chosen)) {
      throw usage("--mode: unknown: " + chosen);
    }
    RestoreOptions options = flags.options();
    var restorer = new Restorer(repository);
    if (chosen.equals("local")) {
      cli.notice(
          "Restoring to local filesystem (%s) with parallelism=%d..."
              .formatted(path, options.parallel()));
      return restorer.restore(root, new RestoreTarget.Local(path), options, listener);
    }
    cli.notice("Restoring to a " + chosen + " file (" + path + ")...");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20)) {
      RestoreTarget archive =
          switch (chosen) {
            case "tar" -> new RestoreTarget.Tar(out, false);
            case "tgz" -> new RestoreTarget.Tar(out, true);
            case "zip" -> new RestoreTarget.Zip(out, true);
            default -> new RestoreTarget.Zip(out, false);
          };
      return restorer.restore(root, archive, options, listener);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, path + ": " + FileReason.of(e), e);
    }
  }

  /// A path that was backed up from here can be restored to where it was.
  private String inPlace() {
    if (ObjectId.parse(source.split("/", 2)[0]).isPresent()) {
      throw usage("a target is needed to restore an id");
    }
    return SourceInfo.parse(source).map(SourceInfo::path).orElse(source);
  }

  private static String modeFor(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      return "zip";
    }
    if (name.endsWith(".tar")) {
      return "tar";
    }
    return name.endsWith(".tar.gz") || name.endsWith(".tgz") ? "tgz" : "local";
  }

  private String summary(RestoreStats stats) {
    var text =
        new StringBuilder(
            "Restored %d files, %d directories and %d symbolic links (%s)"
                .formatted(
                    stats.restored().files(),
                    stats.restored().directories(),
                    stats.restored().symlinks(),
                    cli.sizes().bytes(stats.restoredBytes())));
    if (stats.skipped() > 0) {
      text.append(
          ", skipped %d (%s)".formatted(stats.skipped(), cli.sizes().bytes(stats.skippedBytes())));
    }
    append(text, stats.deleted().directories(), ", deleted directories %d");
    append(text, stats.deleted().files(), ", deleted files %d");
    append(text, stats.deleted().symlinks(), ", deleted symbolic links %d");
    append(text, stats.ignoredErrors(), ", ignored %d errors");
    return text.append('.').toString();
  }

  private static void append(StringBuilder text, long count, String words) {
    if (count > 0) {
      text.append(words.formatted(count));
    }
  }

  private ExitCode report(RestoreResult result) {
    result
        .issueCounts()
        .forEach((kind, count) -> cli.notice(words(kind).formatted(count) + example(result, kind)));
    if (!result.complete()) {
      throw new CommandFailure(ExitCode.FAILED, "the restore did not go through the whole tree");
    }
    return result.failures() > 0 ? ExitCode.INCOMPLETE : ExitCode.OK;
  }

  private static String words(RestoreIssue.Kind kind) {
    return switch (kind) {
      case FAILED -> "repo: %d entries could not be restored";
      case OWNER -> "Owners of %d entries could not be set";
      case PERMISSIONS -> "Permissions of %d entries could not be set";
      case TIME -> "Times of %d entries could not be set";
      case ATTRIBUTES -> "Extended attributes of %d entries could not be set";
      case LINK -> "%d names of files with several became files of their own";
      case UNSUPPORTED -> "%d entries have no place in such a target";
    };
  }

  /// One of those that are only counted; failures have been told.
  private static String example(RestoreResult result, RestoreIssue.Kind kind) {
    return result.issues().stream()
        .filter(issue -> issue.kind() == kind && !issue.isFailure())
        .findFirst()
        .map(issue -> ", such as " + issue)
        .orElse("");
  }

  /// Shows progress and passes on the wish to stop.
  private final class Listener implements RestoreListener {
    private final ProgressLine progress;
    private final CancelToken cancel;
    private final long startNanos = System.nanoTime();

    Listener(ProgressLine progress, CancelToken cancel) {
      this.progress = progress;
      this.cancel = cancel;
    }

    @Override
    public void progress(Supplier<RestoreStats> counts) {
      progress.update(() -> {
        RestoreStats stats = counts.get();
        double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
        return "Processed %d (%s) of %d (%s), %s"
            .formatted(
                stats.restored().files(),
                cli.sizes().bytes(stats.restoredBytes()),
                stats.enqueued().files(),
                cli.sizes().bytes(stats.enqueuedBytes()),
                cli.sizes().rate(stats.restoredBytes() / seconds));
      });
    }

    @Override
    public void issue(RestoreIssue issue) {
      if (issue.isFailure()) {
        progress.message("! " + issue);
      }
    }

    @Override
    public boolean cancelled() {
      return cancel.isCancelled();
    }
  }
}
