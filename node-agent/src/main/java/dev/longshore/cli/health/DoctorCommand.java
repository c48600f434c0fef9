package dev.longshore.cli.health;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.doctor.Diagnosis;
import dev.longshore.engine.doctor.Doctor;
import dev.longshore.engine.doctor.Finding;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.verify.VerifyResult;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `doctor`: says in plain words what is wrong with the repository, which snapshots are touched,
/// and what to do.
@Command(
    name = "doctor",
    description =
        "Say what is wrong with the repository, which snapshots and files are touched, and what to"
            + " do. Returns 0 if nothing is damaged.")
public final class DoctorCommand extends RepoCommand {
  @Option(
      names = "--full",
      description = "Read every content; without it a sample of about 256 MiB is read.")
  boolean full;

  @Option(
      names = "--write-test",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Write a small blob and delete it again, to try the store (default: true).")
  boolean writeTest = true;

  @Option(names = "--json", negatable = true, description = "Print JSON.")
  boolean json;

  @Mixin final AftermathFlags aftermath = new AftermathFlags();

  public DoctorCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    ExitCode code;
    Diagnosis diagnosis;
    try (ProgressLine progress = cli.progressLine()) {
      var doctor =
          new Doctor(cli.terminal().random(), what -> progress.update(() -> "Doctor: " + what));
      ExitCode failure = examine(doctor);
      diagnosis = doctor.diagnosis();
      boolean damaged = diagnosis.worst() == Finding.Severity.DAMAGE;
      code = failure != ExitCode.OK ? failure : damaged ? ExitCode.DAMAGED : ExitCode.OK;
    }
    if (json) {
      var out = new GoJsonWriter();
      diagnosis.writeTo(out, code.number());
      cli.out().println(new String(out.toByteArray(), StandardCharsets.UTF_8));
    } else {
      print(diagnosis, code);
    }
    return code;
  }

  /// @return why the repository could not be looked at, or `OK`
  private ExitCode examine(Doctor doctor) throws IOException {
    try {
      ConnectionFile connection = ConnectionFile.read(cli.connection().configFile());
      boolean writable = !connection.client().readOnly();
      try (BlobStore store =
          cli.connection().openStore(connection.storageType(), connection.storageConfigJson())) {
        doctor.examine(store, cli.terminal().clock(), writeTest && writable);
      }
    } catch (RepositoryException e) {
      doctor.add(
          problem(
              "connection",
              "The repository's store cannot be opened: " + e.getMessage(),
              "repo connect …, or look at the store"));
      return ExitCode.of(e);
    }
    try (Repository repository = cli.connection().openPermissively()) {
      doctor.examine(repository, full);
      aftermath(doctor, repository);
      return ExitCode.OK;
    } catch (WrongPasswordException e) {
      doctor.add(
          problem(
              "password",
              "The password does not open the repository, or its format blob is damaged.",
              "repo connect … with the right password",
              "put a copy of kopia.repository back into the store, if there is one"));
      return ExitCode.of(e);
    } catch (CommandFailure e) {
      doctor.add(problem("password", String.valueOf(e.getMessage()), "set KOPIA_PASSWORD"));
      return e.exitCode();
    } catch (RepositoryException e) {
      doctor.add(
          problem(
              "repository",
              "The repository cannot be looked at: " + e.getMessage(),
              "do what is said above, then: repo doctor"));
      return ExitCode.of(e);
    }
  }

  /// Notes and repairs, where the index is whole: what is written must build on all of it.
  private void aftermath(Doctor doctor, Repository repository) throws RepositoryException {
    boolean indexDamaged =
        doctor.diagnosis().findings().stream()
            .anyMatch(finding ->
                finding.severity() == Finding.Severity.DAMAGE
                    && List.of("index", "epochs", "manifests").contains(finding.check()));
    if (!indexDamaged) {
      aftermath.repair(cli, repository, doctor.notes());
      aftermath.note(cli, repository, doctor.notes(), full);
    }
  }

  private static Finding problem(String check, String text, String... next) {
    return new Finding(Finding.Severity.DAMAGE, check, text, List.of(), List.of(next));
  }

  private void print(Diagnosis diagnosis, ExitCode code) {
    Diagnosis.Counts counts = diagnosis.counts();
    line(
        "Looked at %d blobs, %d contents (%d read), %d snapshots."
            .formatted(
                counts.blobs(), counts.contents(), counts.readContents(), counts.snapshots()));
    for (Finding finding : diagnosis.findings()) {
      line("");
      line(
          switch (finding.severity()) {
                case DAMAGE -> "DAMAGE   ";
                case WARNING -> "WARNING  ";
                case INFO -> "NOTE     ";
              }
              + finding.check()
              + ": "
              + finding.problem());
      finding.details().forEach(detail -> line("           " + detail));
      finding.next().forEach(next -> line("         > " + next));
    }
    for (Diagnosis.Touched each : diagnosis.touched()) {
      line("");
      line(
          "Snapshot %s of %s at %s: %d entries"
              .formatted(
                  each.snapshot().id().map(ManifestId::value).orElse(""),
                  each.snapshot().source(),
                  cli.times().seconds(Instant.ofEpochSecond(0, each.snapshot().startNanos())),
                  each.damage().count()));
      each.damage().first().forEach(fault -> line("  " + path(fault) + ": " + fault.message()));
      if (each.damage().count() > each.damage().first().size()) {
        line("  and more");
      }
    }
    line("");
    Optional<Finding.Severity> worst =
        diagnosis.findings().isEmpty() ? Optional.empty() : Optional.of(diagnosis.worst());
    line(
        code != ExitCode.OK
            ? "The repository is damaged, or cannot be reached."
            : worst.filter(Finding.Severity.WARNING::equals).isPresent()
                ? "Nothing is damaged; there are warnings."
                : "The repository is healthy.");
  }

  private static String path(VerifyResult.Fault fault) {
    return fault.path().isEmpty() ? "all of it" : RawText.display(fault.path());
  }

  private void line(String text) {
    cli.out().println(Text.visible(text));
  }
}
