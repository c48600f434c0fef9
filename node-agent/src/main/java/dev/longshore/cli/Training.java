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

/// Runs the usual commands once on made-up data, so that the JVM can record which classes they
/// load. Started by the build only.
final class Training {
  private Training() {}

  public static void main(String[] args) throws IOException {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path source = Files.createDirectories(home.resolve("source/folder"));
    Files.write(source.resolve("file"), new byte[300_000]);
    Files.writeString(source.resolve("text"), "training ".repeat(10_000));
    Path target = home.resolve("target");
    String repository = home.resolve("repository").toString();
    run(home, "create", "filesystem", "--path=" + repository);
    run(home, "policy", "set", "--global", "--compression=zstd-fastest");
    run(home, "snapshot", "create", home.resolve("source").toString());
    run(home, "snapshot", "create", home.resolve("source").toString());
    run(home, "status");
    run(home, "snapshot", "list");
    run(home, "snapshot", "verify", "--verify-files-percent=100");
    run(home, "content", "stats");
    run(home, "restore", home.resolve("source").toString(), target.toString());
    run(home, "snapshot", "create", "--help");
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
