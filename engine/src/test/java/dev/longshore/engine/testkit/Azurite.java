package dev.longshore.engine.testkit;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;

/// Microsoft's emulator of Azure's storage, from npm, where there is one.
public final class Azurite {
  /// The only account.
  public static final String ACCOUNT = "testaccount";

  /// The key of [#ACCOUNT].
  public static final String KEY =
      Base64.getEncoder().encodeToString("the key of nobody".getBytes(StandardCharsets.UTF_8));

  private static final String VERSION = "3.35.0";
  private static final String API = "2021-12-02";
  private static final int INSTALL_MINUTES = 5;

  private Azurite() {}

  /// The program, fetched into the engine's `target` by the first who asks; empty without Node.js
  /// and npm.
  public static Optional<Path> find() throws InterruptedException {
    boolean beside = Files.isDirectory(Path.of("../engine"));
    Path own =
        Path.of(beside ? "../engine/target/azurite" : "target/azurite")
            .toAbsolutePath()
            .normalize();
    Optional<Path> found =
        Stream.of(Path.of(System.getProperty("longshore.azurite", "none")), own)
            .map(folder -> folder.resolve("node_modules/.bin/azurite-blob"))
            .filter(Files::exists)
            .findFirst();
    if (found.isPresent()) {
      return found;
    }
    try {
      Files.createDirectories(own);
      Process npm =
          new ProcessBuilder(
                  "npm", "install", "--no-audit", "--no-fund", "--silent", "azurite@" + VERSION)
              .directory(own.toFile())
              .redirectErrorStream(true)
              .redirectOutput(own.resolve("npm.log").toFile())
              .start();
      if (!npm.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
        npm.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(own.resolve("node_modules/.bin/azurite-blob")).filter(Files::exists);
  }

  /// Starts it with its data in memory.
  ///
  /// @param more arguments
  public static ServerProcess start(Path program, Path folder, String... more)
      throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--silent",
                "--disableTelemetry",
                "--skipApiVersionCheck",
                "--inMemoryPersistence",
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                Integer.toString(port)));
    command.addAll(List.of(more));
    return ServerProcess.start(
        command,
        Map.of("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY),
        port,
        folder.resolve("azurite.log"));
  }

  /// Starts it for TLS.
  public static ServerProcess start(Path program, Path folder, SelfSigned certificate)
      throws IOException, InterruptedException {
    return start(
        program,
        folder,
        "--cert",
        certificate.certificate().toString(),
        "--key",
        certificate.key().toString());
  }

  /// Makes a container, of a server that speaks TLS.
  public static void makeContainer(ServerProcess server, String name, SelfSigned certificate)
      throws IOException, GeneralSecurityException {
    String path = "/" + ACCOUNT + "/" + name;
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC).format(Instant.now());
    String signed =
        "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:%s\nx-ms-version:%s\n/%s%s\nrestype:container"
            .formatted(date, API, ACCOUNT, path);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
    byte[] proof = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    URI uri = URI.create("https://" + server.address() + path + "?restype=container");
    HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    connection.setSSLSocketFactory(certificate.context().getSocketFactory());
    connection.setRequestMethod("PUT");
    connection.setRequestProperty("x-ms-date", date);
    connection.setRequestProperty("x-ms-version", API);
    connection.setRequestProperty(
        "Authorization", "SharedKey " + ACCOUNT + ":" + Base64.getEncoder().encodeToString(proof));
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(0);
    connection.getOutputStream().close();
    if (connection.getResponseCode() != HttpURLConnection.HTTP_CREATED) {
      throw new IOException("no container " + name + ": " + connection.getResponseCode());
    }
  }
}
