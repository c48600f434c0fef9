package dev.longshore.cli.health;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.SizeText;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.PackWindow;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.VerifyPass;
import dev.longshore.engine.repository.Repository;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A verification in pieces.
public final class PassFlags {
  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description =
          "Read at most so many stored bytes, such as 10GB; the next run with --resume goes on"
              + " behind them.")
  @Nullable String maxBytes;

  @Option(
      names = "--resume",
      description =
          "Go on where the last run ended, whichever client ran it; without it, --max-bytes begins"
              + " anew.")
  boolean resume;

  /// A run of a verification.
  public static final class Run {
    private final Cli cli;
    private final Repository repository;
    private final VerifyPass.Kind kind;
    private final VerifyPass before;
    private final VerifyPass.Slice slice;

    private Run(Cli cli, Repository repository, VerifyPass.Kind kind, Plan plan) {
      this.cli = cli;
      this.repository = repository;
      this.kind = kind;
      this.before = plan.before;
      this.slice = plan.slice;
    }

    /// The packs to read.
    public PackWindow window() {
      return slice.window();
    }

    /// Keeps how far the verification has come, and tells.
    public void end(long errors) throws RepositoryException {
      Instant now = repository.clock().instant();
      long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
      VerifyPass after = before.after(slice, errors, nanos);
      after.save(repository, kind);
      String read = "Read " + cli.sizes().bytes(slice.bytes()) + " of contents in this run";
      cli.notice(
          slice.isLast()
              ? "%s. The pass is complete: %d runs, %s, %d errors."
                  .formatted(
                      read,
                      after.endedRuns(),
                      cli.sizes().bytes(after.endedBytes()),
                      after.endedErrors())
              : "%s; %s in %d runs of this pass, %d errors. Go on with --resume."
                  .formatted(read, cli.sizes().bytes(after.bytes()), after.runs(), after.errors()));
    }
  }

  private record Plan(VerifyPass before, VerifyPass.Slice slice) {}

  /// Tells whether the verification is done in pieces.
  public boolean inPieces() {
    return resume || maxBytes != null;
  }

  /// Begins a run.
  ///
  /// @param range contents that are verified
  public Run begin(Cli cli, Repository repository, VerifyPass.Kind kind, ContentRange range)
      throws RepositoryException {
    if (repository.client().readOnly()) {
      throw new CommandFailure(
          ExitCode.UNSUPPORTED,
          "a read-only connection cannot keep how far a verification has come");
    }
    VerifyPass known = VerifyPass.load(repository.manifests(), kind);
    VerifyPass before = resume ? known : known.begun();
    VerifyPass.Slice slice = before.next(repository.contents(), range, limit());
    return new Run(cli, repository, kind, new Plan(before, slice));
  }

  private long limit() {
    if (maxBytes == null) {
      return Long.MAX_VALUE;
    }
    return SizeText.parse(maxBytes)
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.USAGE, "--max-bytes: not a size such as 10GB: " + maxBytes));
  }
}
