package dev.longshore.cli;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The real program in a JVM of its own, with the environment of an [OwnRepo].
final class ChildProgram {
  private static final int PATIENCE_SECONDS = 300;

  private final Process process;
  private final Path output;

  /// Starts a command.
  ///
  /// @param output a file for what it prints
  ChildProgram(OwnRepo repo, Path output, String... command) throws IOException {
    this.output = output;
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.longshore.cli.Repo"));
    line.addAll(List.of(command));
    var builder = new ProcessBuilder(line);
    builder.environment().putAll(repo.environment());
    builder.redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    process = builder.start();
    process.getOutputStream().close();
  }

  /// Kills the program, as SIGKILL does, unless it ends by itself before.
  ///
  /// @return the exit status; that of a killed program is not 0
  int killAfter(long millis) throws InterruptedException {
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  /// Waits for the end; a program that hangs is killed.
  int await() throws InterruptedException {
    return killAfter(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
  }

  String printed() throws IOException {
    return Files.readString(output);
  }
}
