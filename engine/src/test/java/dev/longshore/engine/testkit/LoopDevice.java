package dev.longshore.engine.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A real block device over an image file, for tests that run as root where the system has loop
/// devices; detached on close.
public final class LoopDevice implements AutoCloseable {
  private static final Path CONTROL = Path.of("/dev/loop-control");

  private final Path path;

  private LoopDevice(Path path) {
    this.path = path;
  }

  /// Tells whether devices can be attached here.
  public static boolean isAvailable() {
    return Files.isWritable(CONTROL) && Availability.AVAILABLE;
  }

  private static final class Availability {
    static final boolean AVAILABLE = probe();

    private static boolean probe() {
      try {
        Path image = Files.createTempFile("longshore-loop", ".img");
        try {
          Files.write(image, new byte[1 << 20]);
          try (LoopDevice device = attach(image)) {
            return Files.exists(device.path());
          }
        } finally {
          Files.delete(image);
        }
      } catch (IOException e) {
        return false;
      }
    }
  }

  /// Attaches an image.
  ///
  /// @param options more of `losetup`, such as `--sector-size`
  public static LoopDevice attach(Path image, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("losetup", "--find", "--show"));
    command.addAll(Arrays.asList(options));
    command.add(image.toString());
    return new LoopDevice(Path.of(run(command)));
  }

  private static String run(List<String> command) throws IOException {
    // Standard error has warnings beside the name that is wanted.
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output;
  }

  /// The device.
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    run(List.of("losetup", "--detach", path.toString()));
  }
}
