package dev.longshore.engine.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Real servers that speak S3, from ordinary packages.
public final class S3Servers {
  /// Who may use them.
  public static final String ACCESS_KEY = "testtest";

  /// The key of [#ACCESS_KEY].
  public static final String SECRET_KEY = "testtest123";

  private S3Servers() {}

  /// The jars of S3Proxy, which the build fetches beside this module; empty outside of a build.
  private static Optional<Path> proxyLibraries() {
    return Stream.of(
            System.getProperty("longshore.s3proxy", ""),
            "../s3proxy/target/lib",
            "s3proxy/target/lib")
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .filter(Files::isDirectory)
        .findFirst();
  }

  /// Tells whether S3Proxy is there.
  public static boolean hasProxy() {
    return proxyLibraries().isPresent();
  }

  /// Starts S3Proxy over a folder: it checks signatures, knows conditions and no locks.
  ///
  /// @param folder for data, settings and log
  /// @param buckets made before it starts
  public static ServerProcess startProxy(Path folder, String... buckets)
      throws IOException, InterruptedException {
    Path libraries =
        proxyLibraries()
            .orElseThrow(() -> new IOException("S3Proxy is not there"))
            .toAbsolutePath();
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String bucket : buckets) {
      Files.createDirectory(data.resolve(bucket));
    }
    int port = ServerProcess.freePort();
    Path settings =
        Files.write(
            folder.resolve("s3proxy.conf"),
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + ACCESS_KEY,
                "s3proxy.credential=" + SECRET_KEY,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + data));
    // Without one it tells each step of each request, which takes it five times as long.
    Path logging =
        Files.writeString(
            folder.resolve("logback.xml"),
            """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d %level %logger %msg%n</pattern></encoder>
              </appender>
              <root level="info"><appender-ref ref="out"/></root>
            </configuration>
            """);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return ServerProcess.start(
        List.of(
            java.toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=" + logging,
            "-cp",
            libraries + "/*",
            "org.gaul.s3proxy.Main",
            "--properties",
            settings.toString()),
        Map.of(),
        port,
        folder.resolve("s3proxy.log"));
  }

  /// Tells whether Python has the server of Moto.
  public static boolean hasMoto() throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("python3", "-c", "import moto.server")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Starts Moto, in memory: it checks no signatures and knows conditions and locks.
  public static ServerProcess startMoto(Path folder) throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    return ServerProcess.start(
        List.of("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", Integer.toString(port)),
        Map.of(),
        port,
        folder.resolve("moto.log"));
  }
}
