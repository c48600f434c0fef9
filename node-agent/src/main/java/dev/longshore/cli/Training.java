package dev.longshore.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Runs the usual commands on made-up data, so that the JVM can record which classes they load and
/// which methods are worth compiling, and how: that takes enough work to get them compiled here.
/// Started by the build only.
final class Training {
  private static final int DIRECTORIES = 100;
  private static final int FILES_IN_EACH = 40;
  private static final int MAX_FILE_BYTES = 30_000;
  private static final int LARGE_FILE_BYTES = 60_000_000;

  /// Backups of what has not changed: the work that is done most often.
  private static final int UNCHANGED_BACKUPS = 6;

  private Training() {}

  public static void main(String[] args) throws IOException {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path source = home.resolve("source");
    write(source, new SplittableRandom(1));
    Path target = home.resolve("target");
    String repository = home.resolve("repository").toString();
    run(home, "create", "filesystem", "--path=" + repository);
    run(home, "policy", "set", "--global", "--compression=zstd-fastest");
    run(home, "snapshot", "create", source.toString());
    for (int i = 0; i < UNCHANGED_BACKUPS; i++) {
      run(home, "snapshot", "create", source.toString());
    }
    run(home, "status");
    run(home, "snapshot", "list");
    run(home, "snapshot", "verify", "--verify-files-percent=100");
    run(home, "content", "stats");
    run(home, "restore", source.toString(), target.toString());
    run(home, "snapshot", "create", "--help");
  }

  private static void write(Path source, SplittableRandom random) throws IOException {
    for (int d = 0; d < DIRECTORIES; d++) {
      Path directory = Files.createDirectories(source.resolve("directory-" + d));
      for (int f = 0; f < FILES_IN_EACH; f++) {
        byte[] content = new byte[random.nextInt(MAX_FILE_BYTES)];
        random.nextBytes(content);
        Files.write(directory.resolve("file-" + f), content);
      }
    }
    Files.writeString(source.resolve("text"), "training ".repeat(10_000));
    byte[] large = new byte[LARGE_FILE_BYTES];
    random.nextBytes(large);
    Files.write(source.resolve("large"), large);
  }

  private static void run(Path home, String... command) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream());
    var terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            nowhere,
            nowhere,
            Map.of("HOME", home.toString(), "KOPIA_PASSWORD", "training"),
            home,
            false,
            _ -> Optional.empty(),
            Clock.systemUTC(),
            new SecureRandom());
    int status = Repo.run(terminal, command);
    if (status != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + status);
    }
  }
}
