package dev.longshore.cli.policy;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `policy set`.
@Command(
    name = "set",
    description = "Change settings of a policy. `inherit` as a value unsets a setting.")
final class SetPolicyCommand extends RepoCommand {
  @Mixin final PolicyTargets targets = new PolicyTargets();
  @Mixin final RetentionFlags retention = new RetentionFlags();
  @Mixin final FilesFlags files = new FilesFlags();
  @Mixin final ErrorFlags errors = new ErrorFlags();
  @Mixin final SchedulingFlags scheduling = new SchedulingFlags();
  @Mixin final CompressionFlags compression = new CompressionFlags();
  @Mixin final UploadFlags upload = new UploadFlags();
  @Mixin final LoggingFlags logging = new LoggingFlags();

  @Option(names = "--splitter", paramLabel = "ALGO", description = "Splitter of new files.")
  @Nullable String splitter;

  @Option(
      names = "--inherit",
      paramLabel = "BOOLEAN",
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether policies above are merged in.")
  @Nullable Boolean inherit;

  SetPolicyCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    check("--compression", compression.compressor);
    check("--metadata-compression", compression.metadataCompressor);
    if (splitter != null
        && !Edits.isUnset(splitter)
        && SplitterAlgorithm.byName(splitter).isEmpty()) {
      throw usage("--splitter: unknown splitter " + splitter);
    }
    try (Repository repository = cli.connection().open()) {
      List<SourceInfo> chosen = targets.parse(cli, repository.client());
      repository.write(
          WriteOptions.forPurpose("policy set"),
          writer -> {
            for (SourceInfo target : chosen) {
              change(writer.manifests(), target);
            }
            return chosen;
          });
    }
    return ExitCode.OK;
  }

  private void change(ManifestWriter manifests, SourceInfo target) throws RepositoryException {
    Policy old = new Policies(manifests).defined(target).orElse(Policy.UNSET);
    var edits = new Edits();
    Policy changed = changed(old, edits);
    if (edits.notes().isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "no changes specified");
    }
    try {
      Policies.set(manifests, target, changed);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
    cli.notice("Setting policy for " + target);
    edits.notes().forEach(note -> cli.notice(" - " + note + "."));
  }

  private Policy changed(Policy old, Edits edits) {
    boolean noParent = inherit == null ? old.noParent() : edits.noted("no inheritance", !inherit);
    return new Policy(
        retention.apply(old.retention(), edits),
        files.apply(old.files(), edits),
        errors.apply(old.errorHandling(), edits),
        scheduling.apply(old.scheduling(), edits),
        compression.apply(old.compression(), edits),
        edits.name(
            "metadata compression algorithm",
            old.metadataCompressor(),
            compression.metadataCompressor),
        edits.name("splitter algorithm override", old.splitter(), splitter),
        old.actions(),
        old.volumeShadowCopy(),
        logging.apply(old.logging(), edits),
        upload.apply(old.upload(), edits),
        noParent);
  }

  private void check(String option, @Nullable String name) {
    if (name == null || name.equals("none") || Edits.isUnset(name)) {
      return;
    }
    Compression known =
        Compression.byName(name).orElseThrow(() -> usage(option + ": unknown compressor " + name));
    if (known == Compression.LZ4) {
      cli.notice(
          "repo: warning: current versions of Kopia cannot read contents compressed with lz4;"
              + " only Kopia up to 0.22 and Longshore can");
    } else if (known.deprecated()) {
      cli.notice("repo: warning: " + name + " is deprecated");
    }
  }
}
