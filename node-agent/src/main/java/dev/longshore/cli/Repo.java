package dev.longshore.cli;

import dev.longshore.cli.output.Text;
import dev.longshore.engine.error.RepositoryException;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/// The `repo` program.
@Command(
    name = "repo",
    description = "Back up, restore and inspect Kopia-format repositories.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true)
public final class Repo extends CommandGroup {
  @Mixin final GlobalOptions options;

  @CommandLine.Option(
      names = "--version",
      versionHelp = true,
      description = "Print the version and exit.")
  boolean version;

  private static final long STACK_BYTES = 64L << 20;

  private final StringWriter helpText = new StringWriter();
  private final Cli cli;

  private Repo(Cli cli) {
    this.cli = cli;
    this.options = cli.options();
  }

  /// Starts the program on the process's own streams.
  public static void main(String[] args) {
    // The stack that a JVM gives to main is too small to compare trees of the greatest depth.
    new Thread(null, () -> runAndExit(args), "repo", STACK_BYTES).start();
  }

  private static void runAndExit(String[] args) {
    int status = ExitCode.DEFECT.number();
    try {
      status = run(processTerminal(), args);
    } catch (RuntimeException | Error e) {
      System.err.println("repo: internal error, please report it: " + e);
    } finally {
      System.exit(status);
    }
  }

  /// Runs one command and returns its exit status.
  public static int run(Terminal terminal, String... args) {
    try {
      return new Repo(new Cli(terminal)).execute(args);
    } catch (OutOfMemoryError e) {
      long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
      terminal
          .err()
          .println(
              "repo: out of memory with a heap of %d MiB: raise --memory".formatted(mebibytes));
      return ExitCode.FAILED.number();
    }
  }

  /// The tree of commands, for what is made of it: the reference page.
  public static CommandLine commandLine(Terminal terminal) {
    var cli = new Cli(terminal);
    return Commands.all(new Repo(cli), cli);
  }

  private int execute(String[] args) {
    try {
      CommandLine line = Commands.named(this, cli, args);
      line.setParameterExceptionHandler((_, _) -> executeWhole(args));
      return finish(prepared(line).execute(args));
    } catch (StandardOutput.Failure failure) {
      return onOutputFailure(failure);
    }
  }

  /// For a command line with a mistake: the whole tree knows what to suggest.
  private int executeWhole(String[] args) {
    CommandLine line = Commands.all(this, cli);
    line.setParameterExceptionHandler((failure, _) -> onUsage(failure));
    return prepared(line).execute(args);
  }

  private CommandLine prepared(CommandLine line) {
    // Not standard output itself: the parser would print a stack trace if that fails.
    line.setOut(new PrintWriter(helpText));
    line.setErr(new PrintWriter(cli.terminal().err(), true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((failure, _, _) -> onFailure(failure));
    return line;
  }

  private int finish(int status) {
    cli.out().print(helpText);
    cli.out().flush();
    if (status == ExitCode.OK.number() && cli.out().checkError()) {
      // A full disk behind standard output must not look like success.
      cli.notice("repo: standard output could not be written");
      return ExitCode.FAILED.number();
    }
    return status;
  }

  private int onOutputFailure(StandardOutput.Failure failure) {
    if (failure.isReaderGone()) {
      return ExitCode.READER_GONE.number();
    }
    report("standard output could not be written: " + failure.reason(), failure);
    return ExitCode.FAILED.number();
  }

  private int onUsage(ParameterException failure) {
    CommandLine at = failure.getCommandLine();
    for (CommandLine above = at.getParent(); above != null; above = above.getParent()) {
      // The parser passes over a word that is no command, and complains of what follows it.
      List<String> unknown = above.getUnmatchedArguments();
      if (!unknown.isEmpty()) {
        return onUsage(new CommandLine.UnmatchedArgumentException(above, unknown));
      }
    }
    report(
        failure instanceof CommandLine.UnmatchedArgumentException unmatched
            ? notUnderstood(unmatched.getUnmatched())
            : firstLine(failure.getMessage()),
        null);
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, at.getErr());
    at.getErr().println("Try `" + at.getCommandSpec().qualifiedName() + " --help`.");
    return ExitCode.USAGE.number();
  }

  /// Names the first word only, without what may be a secret: `--secret-access-key=…` comes here
  /// from users of stores that this build does not have.
  private static String notUnderstood(List<String> words) {
    String first = words.getFirst();
    return first.startsWith("-")
        ? "unknown option '" + first.split("=", 2)[0] + "'"
        : "unknown command or argument '" + first + "'";
  }

  private int onFailure(Exception failure) {
    return switch (failure) {
      case CommandFailure known -> {
        report(known.getMessage(), known);
        yield known.exitCode().number();
      }
      case RepositoryException known -> {
        report(known.getMessage(), known);
        yield ExitCode.of(known).number();
      }
      case StandardOutput.Failure closed -> onOutputFailure(closed);
      case InvalidPathException bad -> {
        report(
            "not a path here: %s: %s (names are UTF-8: the locale has to be as well, such as LC_ALL=C.UTF-8)"
                .formatted(bad.getInput(), bad.getReason()),
            bad);
        yield ExitCode.USAGE.number();
      }
      case UncheckedIOException wrapped ->
          onFailure(Objects.requireNonNull(wrapped.getCause(), "no cause"));
      case IOException io -> {
        report(describe(io), io);
        yield ExitCode.of(io).number();
      }
      default -> {
        report("internal error, please report it with the output of --debug: " + failure, failure);
        yield ExitCode.DEFECT.number();
      }
    };
  }

  /// What went wrong, for people; names the file.
  public static String describe(IOException failure) {
    String message = failure.getMessage();
    return switch (failure) {
      case java.nio.file.NoSuchFileException _ -> message + ": no such file or directory";
      case java.nio.file.AccessDeniedException _ -> message + ": permission denied";
      case java.nio.file.FileAlreadyExistsException _ -> message + ": exists already";
      default -> message == null ? failure.toString() : message;
    };
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "bad command line" : message.lines().findFirst().orElse("");
  }

  private void report(@Nullable String message, @Nullable Throwable failure) {
    PrintStream err = cli.terminal().err();
    err.println("repo: " + Text.visible(message == null ? "failed" : message));
    if (failure != null && cli.options().debug) {
      failure.printStackTrace(err);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // A JVM made by jlink may have no console.
  private static Terminal processTerminal() {
    Console console = System.console();
    boolean interactive = console != null && console.isTerminal();
    Terminal.PasswordPrompt prompt =
        text -> {
          if (console == null || !console.isTerminal()) {
            return Optional.empty();
          }
          char[] typed = console.readPassword("%s", text);
          return Optional.ofNullable(typed).map(String::new);
        };
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        Path.of("").toAbsolutePath(),
        interactive,
        prompt,
        Clock.systemUTC(),
        new SecureRandom());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    boolean autoFlush = descriptor == FileDescriptor.err;
    var raw = new FileOutputStream(descriptor);
    OutputStream checked = autoFlush ? raw : new StandardOutput(raw);
    return new PrintStream(
        new java.io.BufferedOutputStream(checked, 1 << 14), autoFlush, StandardCharsets.UTF_8);
  }
}
