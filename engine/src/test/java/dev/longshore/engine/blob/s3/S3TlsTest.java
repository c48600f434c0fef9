package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FaultyS3;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whom the store trusts.
@Timeout(60)
class S3TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final BlobId ID = new BlobId("p0");

  @TempDir static Path folder;
  private static S3Options.Pem certificate = S3Options.Pem.NONE;
  private static FaultyS3 server;

  @BeforeAll
  static void start() throws Exception {
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "san=ip:127.0.0.1");
    keytool("-exportcert", "-rfc", "-file", folder.resolve("root.pem").toString());
    certificate = new S3Options.Pem(Files.readString(folder.resolve("root.pem")));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = new FaultyS3(context);
    server.stallMillis(20_000);
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias",
            "test",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            folder.resolve("keys").toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static BlobStore open(boolean verify, S3Options.Pem trusted) throws IOException {
    return open(server.address(), verify, trusted, S3TestStores.TIMEOUTS);
  }

  private static BlobStore open(
      String host, boolean verify, S3Options.Pem trusted, Timeouts timeouts) throws IOException {
    return S3Store.open(
        S3Options.of(
            "bucket",
            "",
            new S3Options.Endpoint(host, "", false, !verify, trusted),
            S3Options.Credentials.of("a", "b", "")),
        S3TestStores.environment(Optional.empty(), timeouts));
  }

  private static void putAndGet(BlobStore store) throws IOException {
    store.put(ID, ByteBuffer.wrap(new byte[1_000_000]), PutOptions.NONE);
    assertEquals(1_000_000, store.get(ID).length);
  }

  @Test
  void trustsTheCertificateThatIsGiven() throws Exception {
    try (BlobStore store = open(true, certificate)) {
      putAndGet(store);
    }
  }

  @Test
  void trustsNobodyElse() throws Exception {
    try (BlobStore store = open(true, S3Options.Pem.NONE)) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.NEVER, fault.retry());
      assertTrue(String.valueOf(fault.getMessage()).contains("TLS"), fault.getMessage());
    }
  }

  @Test
  void trustsNoOtherName() throws Exception {
    String host = server.address().replace("127.0.0.1", "localhost");
    try (BlobStore store = open(host, true, certificate, S3TestStores.TIMEOUTS)) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.NEVER, fault.retry());
    }
  }

  @Test
  void trustsAnybodyWhenToldTo() throws Exception {
    String host = server.address().replace("127.0.0.1", "localhost");
    try (BlobStore store = open(host, false, S3Options.Pem.NONE, S3TestStores.TIMEOUTS)) {
      putAndGet(store);
    }
  }

  @Test
  void refusesARootThatIsNone() {
    for (String pem :
        List.of("x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")) {
      assertThrows(StoreException.class, () -> open(true, new S3Options.Pem(pem)));
    }
  }

  @Test
  void aServerThatStopsToListenIsLeft() throws Exception {
    Timeouts impatient =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(50), Duration.ofMillis(300));
    try (BlobStore store = open(server.address(), true, certificate, impatient)) {
      store.put(ID, ByteBuffer.wrap(new byte[1]), PutOptions.NONE);
      server.deaf(true);
      long start = System.nanoTime();
      assertThrows(
          StoreException.class,
          () -> store.put(ID, ByteBuffer.wrap(new byte[32 << 20]), PutOptions.NONE));
      assertTrue(System.nanoTime() - start < 15_000_000_000L);
    } finally {
      server.deaf(false);
    }
  }
}
