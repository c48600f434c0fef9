package dev.longshore.engine.blob.azure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.blob.remote.Tls;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.SelfSigned;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who the client says it is, and what it makes of refusals. One server is Azure's storage and
/// Entra ID.
@Timeout(60)
class AzureAuthorizationTest {
  private static final BlobId ID = new BlobId("p1");
  private static final AzureOptions.Credentials KEY = AzureOptions.Credentials.ofKey("AAAA");

  @TempDir static Path folder;
  private static SelfSigned keys;
  private static HttpsServer server;
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
  private static final List<String> TOKEN_REQUESTS = new CopyOnWriteArrayList<>();
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();
  private static volatile String refusal = "";
  private static volatile int seconds = 3600;

  @BeforeAll
  static void start() throws Exception {
    keys = SelfSigned.make(folder, "ip:127.0.0.1");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
    server.setExecutor(THREADS);
    server.createContext("/", AzureAuthorizationTest::handle);
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
    THREADS.shutdownNow();
  }

  @BeforeEach
  void forget() {
    TOKEN_REQUESTS.clear();
    SEEN.clear();
    refusal = "";
    seconds = 3600;
  }

  private static void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String place = exchange.getRequestURI().toString();
      if (!place.startsWith("/account/")) {
        TOKEN_REQUESTS.add(place + " " + URLDecoder.decode(body, StandardCharsets.UTF_8));
        String token =
            "{\"token_type\":\"Bearer\",\"expires_in\":%d,\"access_token\":\"token%d\"}"
                .formatted(seconds, TOKEN_REQUESTS.size());
        answer(exchange, refusal.isEmpty() ? 200 : 401, refusal.isEmpty() ? token : refusal);
        return;
      }
      SEEN.add(place + " " + exchange.getRequestHeaders().getFirst("Authorization"));
      exchange.getResponseHeaders().set("x-ms-error-code", "BlobNotFound");
      answer(
          exchange, 404, "\uFEFF<?xml version=\"1.0\"?><Error><Code>BlobNotFound</Code></Error>");
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private static AzureOptions options(String container, AzureOptions.Credentials credentials) {
    return new AzureOptions(
        container, "a/", "account", credentials, address(), false, ThrottlingLimits.NONE, "");
  }

  private static BlobStore open(AzureOptions options) throws IOException {
    return AzureStore.open(
        options,
        AzureTestStores.environment(java.util.Optional.empty(), Timeouts.DEFAULT),
        "https://" + address() + "/",
        Tls.trusting(Files.readString(keys.certificate())));
  }

  private static BlobStore open(AzureOptions.Credentials credentials) throws IOException {
    return open(options("container", credentials));
  }

  private static AzureOptions.Credentials entra(String secret, String pem, String tokenFile) {
    return new AzureOptions.Credentials("", "", "tenant", "client", secret, pem, tokenFile);
  }

  @Test
  void tokensAreFetchedOnceForAllRequests() throws Exception {
    try (BlobStore store = open(entra("a secret&more", "", ""))) {
      assertThrows(NotFoundException.class, () -> store.get(ID));
      assertTrue(store.metadata(ID).isEmpty());
    }
    String place = "/account/container/a%2Fp1 Bearer token1";
    assertEquals(List.of(place, place), SEEN);
    assertEquals(1, TOKEN_REQUESTS.size(), TOKEN_REQUESTS.toString());
    String request = TOKEN_REQUESTS.getFirst();
    assertTrue(request.startsWith("/tenant/oauth2/v2.0/token "), request);
    assertTrue(request.contains("client_secret=a secret&more"), request);
    assertTrue(request.contains("https://storage.azure.com/.default"), request);
  }

  @Test
  void theClustersTokenIsReadAnewEachTime() throws Exception {
    Path file = folder.resolve("token");
    seconds = 1;
    try (BlobStore store = open(entra("", "", file.toString()))) {
      for (String assertion : List.of("first", "second")) {
        Files.writeString(file, assertion);
        assertThrows(NotFoundException.class, () -> store.get(ID));
        Thread.sleep(1100);
      }
    }
    assertEquals(2, TOKEN_REQUESTS.size(), TOKEN_REQUESTS.toString());
    assertTrue(TOKEN_REQUESTS.get(0).contains("client_assertion=first"), TOKEN_REQUESTS.toString());
    assertTrue(
        TOKEN_REQUESTS.get(1).contains("client_assertion=second"), TOKEN_REQUESTS.toString());
  }

  @Test
  void aCertificateSignsWhoTheClientIs() throws Exception {
    String pem = Files.readString(keys.certificate()) + Files.readString(keys.key());
    try (BlobStore store = open(entra("", pem, ""))) {
      assertThrows(NotFoundException.class, () -> store.get(ID));
    }
    String request = TOKEN_REQUESTS.getFirst();
    int at = request.indexOf("client_assertion=") + "client_assertion=".length();
    String claims =
        new String(
            Base64.getUrlDecoder().decode(request.substring(at).split("\\.", 3)[1]),
            StandardCharsets.UTF_8);
    assertTrue(claims.contains("\"sub\":\"client\""), claims);
    assertTrue(SEEN.getFirst().endsWith(" Bearer token1"), SEEN.toString());
  }

  @Test
  void aRefusedSecretIsTriedOnceAndNotShown() throws Exception {
    refusal =
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client"
            + " secret\\nmore\"}";
    try (BlobStore store = open(entra("hidden", "", ""))) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.NEVER, fault.retry());
      String message = String.valueOf(fault.getMessage());
      assertFalse(message.contains("hidden"), message);
      assertTrue(message.contains("AADSTS7000215"), message);
      assertEquals(1, message.lines().count(), message);
    }
    assertEquals(1, TOKEN_REQUESTS.size(), TOKEN_REQUESTS.toString());
  }

  @Test
  void aSharedAccessSignatureGoesWithTheAddress() throws Exception {
    var sas = new AzureOptions.Credentials("", "?sv=1&sig=a%2Bb", "", "", "", "", "");
    try (BlobStore store = open(sas)) {
      assertThrows(NotFoundException.class, () -> store.get(ID));
      StoreException fault = assertThrows(StoreException.class, () -> store.list("p", _ -> {}));
      assertFalse(String.valueOf(fault.getMessage()).contains("sig="), fault.getMessage());
    }
    assertEquals("/account/container/a%2Fp1?sv=1&sig=a%2Bb null", SEEN.getFirst());
    assertTrue(SEEN.get(1).contains("comp=list"), SEEN.toString());
    assertTrue(SEEN.get(1).contains("sig=a%2Bb"), SEEN.toString());
  }

  @Test
  void refusesWhatProvesNothingAndPlacesThatAreNone() {
    assertThrows(StoreException.class, () -> open(AzureOptions.Credentials.ofKey("?")));
    assertThrows(StoreException.class, () -> open(entra("", "no certificate", "")).get(ID));
    assertThrows(StoreException.class, () -> open(options("a/b", KEY)));
    assertThrows(StoreException.class, () -> open(options("", KEY)));
    for (String domain : List.of("x/y", "u@host", "host?x", "ho st", "127.0.0.1/x")) {
      AzureOptions options =
          new AzureOptions("c", "", "account", KEY, domain, false, ThrottlingLimits.NONE, "");
      assertThrows(StoreException.class, () -> open(options), domain);
    }
    AzureOptions bare =
        new AzureOptions(
            "c", "", "account", entra("s", "", ""), address(), true, ThrottlingLimits.NONE, "");
    assertThrows(StoreException.class, () -> open(bare), "a token over plain HTTP");
  }

  @Test
  void keepsWhatKopiaWrites() throws Exception {
    for (String json :
        List.of(
            "{\"container\":\"c\",\"storageAccount\":\"a\",\"storageKey\":\"k\"}",
            "{\"container\":\"c\",\"prefix\":\"p/\",\"storageAccount\":\"a\",\"storageKey\":\"k\",\"sasToken\":\"s\","
                + "\"TenantID\":\"t\",\"ClientID\":\"i\",\"ClientSecret\":\"x\",\"clientCertificate\":\"y\","
                + "\"azureFederatedTokenFile\":\"/f\",\"storageDomain\":\"d\",\"doNotUseTLS\":true,"
                + "\"readsPerSecond\":5,\"pointInTime\":\"2026-01-01T00:00:00Z\"}")) {
      AzureOptions options = AzureOptions.parse(json.getBytes(StandardCharsets.UTF_8));
      assertEquals(json, options.toJson());
      assertFalse(options.toString().contains("=x"), options.toString());
      assertFalse(options.credentials().toString().contains("k"), "the key is shown");
    }
  }
}
