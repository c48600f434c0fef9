package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.maintenance.AutoMaintenance;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.block.BlockCompression;
import dev.longshore.engine.block.BlockOptions;
import dev.longshore.engine.block.BlockRequest;
import dev.longshore.engine.error.FileReason;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repair.DamageList;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotCreator;
import dev.longshore.engine.snapshot.SnapshotRequest;
import dev.longshore.engine.snapshot.SnapshotResult;
import dev.longshore.engine.snapshot.UploadOptions;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `snapshot create`.
@Command(
    name = "create",
    description = "Back up files, directories, block devices or standard input.")
final class CreateSnapshotCommand extends RepoCommand {
  private static final int MAX_DESCRIPTION_CHARS = 1024;

  /// The source is counted only for uploads that last: the count walks it once more.
  private static final Duration ESTIMATE_SHOWN_AFTER = Duration.ofSeconds(3);

  /// Where there is no terminal, the first line comes after half a minute.
  private static final Duration ESTIMATE_PRINTED_AFTER = Duration.ofSeconds(20);

  @Parameters(
      arity = "0..*",
      paramLabel = "SOURCE",
      description = "Files, directories or block devices to back up.")
  List<String> sources = List.of();

  @Option(
      names = "--all",
      negatable = true,
      description = "Everything this user has backed up from this machine before.")
  boolean all;

  @Option(
      names = "--stdin-file",
      paramLabel = "NAME",
      description = "Back up standard input as a file of this name in SOURCE, a made-up directory.")
  @Nullable String stdinFile;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "What this snapshot is, for people.")
  String description = "";

  @Option(names = "--tags", paramLabel = "KEY:VALUE", description = "Tags of the snapshot.")
  List<String> tags = List.of();

  @Option(
      names = "--pin",
      paramLabel = "NAME",
      description = "Keep the snapshot from expiring under this name.")
  List<String> pins = List.of();

  @Option(
      names = "--start-time",
      paramLabel = "TIME",
      description = "In place of the real time: '2026-11-21 09:10:48 UTC'.")
  @Nullable String startTime;

  @Option(names = "--end-time", paramLabel = "TIME", description = "In place of the real time.")
  @Nullable String endTime;

  @Option(
      names = "--override-source",
      paramLabel = "USER@HOST:/PATH",
      description = "Whose snapshot it is said to be.")
  @Nullable String overrideSource;

  @Option(
      names = "--upload-limit-mb",
      paramLabel = "MB",
      description = "End the upload after so much data; the snapshot is marked incomplete.")
  long uploadLimitMegabytes;

  @Option(
      names = "--force-hash",
      paramLabel = "PERCENT",
      description = "Read this share of the unchanged files again.")
  double forceHashPercent;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Files read at once (default: the policy's, else the number of processors).")
  int parallel;

  @Option(
      names = "--fail-fast",
      negatable = true,
      description = "End at the first error ($KOPIA_SNAPSHOT_FAIL_FAST).")
  boolean failFast;

  @Mixin final BlockFlags blocks = new BlockFlags();
  @Mixin final AttributeFlags attributes = new AttributeFlags();

  @Option(names = "--checkpoint-interval", hidden = true, paramLabel = "DURATION")
  @Nullable String checkpointInterval;

  @Option(names = "--json", negatable = true, description = "Print the snapshot as JSON.")
  boolean json;

  @Option(names = "--send-snapshot-report", negatable = true, hidden = true)
  boolean sendReport;

  @Option(names = "--force-enable-actions", negatable = true, hidden = true)
  boolean enableActions;

  @Option(names = "--force-disable-actions", negatable = true, hidden = true)
  boolean disableActions;

  @Option(names = "--flush-per-source", negatable = true, hidden = true)
  boolean flushPerSource;

  @Option(
      names = {"--log-dir-detail", "--log-entry-detail"},
      hidden = true)
  List<Integer> logDetail = List.of();

  CreateSnapshotCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (all && !sources.isEmpty()) {
      throw usage("--all and a source exclude each other");
    }
    if (description.length() > MAX_DESCRIPTION_CHARS) {
      throw usage("--description: longer than " + MAX_DESCRIPTION_CHARS + " characters");
    }
    try (Repository repository = cli.connection().open()) {
      ExitCode code = backUp(repository);
      if (code != ExitCode.INTERRUPTED) {
        AutoMaintenance.run(cli, repository);
      }
      return code;
    }
  }

  private ExitCode backUp(Repository repository) throws IOException {
    var cancel = new CancelToken();
    ExitCode worst = ExitCode.OK;
    try (var interrupts = new Interrupts(cli, cancel)) {
      List<String> chosen = all ? everySource(repository) : sources;
      if (chosen.isEmpty()) {
        throw usage("nothing to back up: name a file or directory");
      }
      DamageList damage = DamageList.load(repository.manifests());
      WriteOptions options = WriteOptions.forPurpose("snapshot create").healing(damage);
      try (RepositoryWriter writer = repository.openWriter(options)) {
        for (String source : chosen) {
          if (cancel.isCancelled()) {
            break;
          }
          ExitCode code = one(writer, source, cancel);
          worst = code.number() > worst.number() ? code : worst;
        }
        writer.flush();
      }
      if (damage.healedContents() > 0) {
        cli.notice(
            "Healed %d damaged contents (%s): older snapshots that need them are whole again."
                .formatted(damage.healedContents(), cli.sizes().bytes(damage.healedBytes())));
      }
      return interrupts.happened() ? ExitCode.INTERRUPTED : worst;
    }
  }

  private List<String> everySource(Repository repository) throws RepositoryException {
    ClientOptions client = repository.client();
    List<String> paths = new ArrayList<>();
    for (SourceInfo source : new SnapshotCatalog(repository.manifests()).sources()) {
      boolean own =
          source.host().equals(client.hostname()) && source.userName().equals(client.username());
      if (own && !ManualSources.isManual(repository.manifests(), source)) {
        paths.add(source.path());
      }
    }
    return paths;
  }

  /// Backs up one source; trouble with the source does not keep the others from their turn.
  private ExitCode one(RepositoryWriter writer, String path, CancelToken cancel)
      throws RepositoryException {
    ClientOptions client = writer.repository().client();
    SourceInfo source =
        overrideSource == null
            ? new SourceInfo(client.hostname(), client.username(), Sources.local(cli, path))
            : Sources.parseFull(cli, client, overrideSource);
    cli.notice("Snapshotting " + source + " ...");
    Path local = Path.of(Sources.local(cli, path));
    if (stdinFile == null && blocks.isBlocks(local)) {
      return inBlocks(writer, local, source, cancel);
    }
    try (SourceTree tree = open(path);
        var progress = new UploadMeter(cli)) {
      var creator =
          new SnapshotCreator(
              writer, options(), progress, cli.times().zone(), cli.terminal().random());
      SnapshotResult result = creator.create(tree, request(source), cancel);
      if (overrideSource != null || stdinFile != null) {
        ManualSources.setManual(writer.manifests(), source);
        writer.flush();
      }
      progress.finish();
      return report(source, result);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      cli.notice("repo: " + path + ": " + FileReason.of(e));
      return ExitCode.FAILED;
    }
  }

  private ExitCode inBlocks(
      RepositoryWriter writer, Path path, SourceInfo source, CancelToken cancel)
      throws RepositoryException {
    if (uploadLimitMegabytes != 0
        || forceHashPercent != 0
        || startTime != null
        || endTime != null) {
      throw usage(
          "--upload-limit-mb, --force-hash, --start-time and --end-time are not for"
              + " --layout=blocks");
    }
    BlockRequest request = blocks.request(source, description, Sources.tags(tags), pins);
    BlockOptions options =
        blocks
            .options(parallel, checkpointInterval == null ? null : interval())
            .withCompression(
                BlockCompression.of(new Policies(writer.manifests()).effective(source)));
    try {
      SnapshotManifest manifest =
          new BlockSnapshot(cli, writer, options).create(path, request, cancel);
      if (overrideSource != null) {
        ManualSources.setManual(writer.manifests(), source);
        writer.flush();
      }
      return created(manifest);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      cli.notice("repo: " + path + ": " + FileReason.of(e));
      return ExitCode.FAILED;
    }
  }

  private SourceTree open(String path) throws IOException {
    Path absolute = Path.of(Sources.local(cli, path));
    if (stdinFile != null) {
      return LocalSource.ofStream(
          absolute.toString(), stdinFile, cli.terminal().in(), cli.terminal().clock().instant());
    }
    if (BlockFlags.isDevice(absolute)) {
      String name = BlockLayout.fileName(absolute.toString());
      return LocalSource.ofDevice(absolute, name, cli.terminal().clock().instant());
    }
    // A symbolic link that is named as the source means what it points to.
    return LocalSource.open(absolute.toRealPath());
  }

  private UploadOptions options() {
    boolean fast = failFast || cli.terminal().flag("KOPIA_SNAPSHOT_FAIL_FAST");
    if (parallel < 0 || uploadLimitMegabytes < 0) {
      throw usage("--parallel and --upload-limit-mb are 0 (no choice, no limit) or more");
    }
    if (!(forceHashPercent >= 0 && forceHashPercent <= 100)) {
      throw usage("--force-hash is 0 to 100");
    }
    try {
      return new UploadOptions(
          parallel,
          forceHashPercent,
          Math.multiplyExact(uploadLimitMegabytes, 1L << 20),
          fast,
          interval(),
          Map.of(),
          true,
          cli.terminal().interactive() ? ESTIMATE_SHOWN_AFTER : ESTIMATE_PRINTED_AFTER,
          kept());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private AttributeOptions kept() {
    return attributes.options(cli.terminal().flag("LONGSHORE_ATTRIBUTES"));
  }

  private Duration interval() {
    if (checkpointInterval == null) {
      return UploadOptions.MAX_CHECKPOINT_INTERVAL;
    }
    return GoDurations.parse(checkpointInterval)
        .orElseThrow(() -> usage("--checkpoint-interval: not a duration such as 30m"));
  }

  private SnapshotRequest request(SourceInfo source) {
    try {
      return new SnapshotRequest(
          source,
          description,
          Sources.tags(tags),
          pins,
          time(startTime),
          time(endTime),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Instant> time(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochSecond(0, SnapshotTimes.parse(text, cli.times().zone())));
  }

  private ExitCode report(SourceInfo source, SnapshotResult result) {
    SnapshotManifest manifest = result.manifest();
    if (!json && !result.saved()) {
      cli.notice("Not saving the snapshot because no files have changed since the previous one.");
    } else {
      created(manifest);
    }
    new NotKeptReport(cli).print(source, result, kept().kept());
    return reportErrors(source, manifest);
  }

  private ExitCode created(SnapshotManifest manifest) {
    if (json) {
      cli.out().println(SnapshotJson.created(manifest, cli.isJsonVerbose(), cli.isJsonIndented()));
    } else {
      Duration took =
          Duration.ofSeconds((manifest.endNanos() - manifest.startNanos()) / 1_000_000_000L);
      cli.notice(
          "Created%s snapshot with root %s and ID %s in %s"
              .formatted(
                  manifest.isComplete() ? "" : " partial",
                  manifest.root().map(root -> root.objectId().toString()).orElse("-"),
                  manifest.id().map(Object::toString).orElse("-"),
                  GoDurations.format(took)));
    }
    return ExitCode.OK;
  }

  private ExitCode reportErrors(SourceInfo source, SnapshotManifest manifest) {
    Optional<DirSummary> summary = manifest.root().flatMap(root -> root.summary());
    long ignored = summary.map(DirSummary::numIgnoredErrors).orElse(0L);
    long failed = summary.map(DirSummary::numFailed).orElse(0L);
    if (ignored > 0) {
      cli.notice("Ignored %d error(s) while snapshotting %s.".formatted(ignored, source));
    }
    if (failed > 0) {
      cli.notice(
          "repo: found %d fatal error(s) while snapshotting %s; `repo ls` on the snapshot lists them"
              .formatted(failed, source));
      return ExitCode.INCOMPLETE;
    }
    return manifest.isComplete() ? ExitCode.OK : ExitCode.INCOMPLETE;
  }
}
