package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.SelfSigned;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.HttpApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where clients find their cluster, and whom they trust.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
  @TempDir static Path folder;
  private final TestClock clock = new TestClock();
  private final ApiServer server = new ApiServer(clock, new Random(1));
  private HttpApiServer http;
  private HttpApiServer named;
  private SelfSigned authority;

  @BeforeAll
  void start() throws Exception {
    authority = SelfSigned.make(Files.createDirectory(folder.resolve("ca")), "ip:127.0.0.1");
    http = new HttpApiServer(server, authority.context());
    http.accept("good", "");
    http.acceptCertificate("CN=test", "");
    SelfSigned other =
        SelfSigned.make(Files.createDirectory(folder.resolve("named")), "dns:kube.example");
    named = new HttpApiServer(server, other.context());
    named.accept("good", "");
  }

  @AfterAll
  void stop() {
    http.close();
    named.close();
  }

  private void reaches(Cluster cluster) throws KubeException {
    try (HttpKubeApi api = new HttpKubeApi(cluster, Limits.STANDARD, clock.pace())) {
      api.list(Resource.PODS, "", ListOptions.ALL);
    }
  }

  private KubeException fails(Cluster cluster) {
    return assertThrows(KubeException.class, () -> reaches(cluster));
  }

  private static String indent(String lines) {
    return lines.strip().replace("\n", "\n    ");
  }

  /// A kubeconfig of one cluster and user.
  private Path config(String cluster, String user) throws IOException {
    Path file = Files.createTempFile(folder, "kube", ".yaml");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: main
        preferences: {}
        contexts:
        - name: main
          context: {cluster: c, user: u, namespace: velero}
        clusters:
        - name: c
          cluster:
            %s
        users:
        - name: u
          user:
            %s
        """
            .formatted(indent(cluster), indent(user)));
    return file;
  }

  private Cluster cluster(String cluster, String user) throws IOException {
    return Cluster.ofKubeconfig(List.of(config(cluster, user)), "", clock);
  }

  private String here(String rest) {
    return "server: " + http.uri() + "/\n" + rest;
  }

  private static String data(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  @Test
  void usesTokensAndAuthorities() throws IOException {
    String trusted = here("certificate-authority: ca/certificate.pem");
    Cluster cluster = cluster(trusted, "token: good");
    assertEquals("velero", cluster.namespace());
    reaches(cluster);
    reaches(
        cluster(
            here("certificate-authority-data: " + data(authority.certificate())), "token: good"));
    Files.writeString(folder.resolve("good-token"), "good\n");
    reaches(cluster(trusted, "tokenFile: good-token\ntoken: bad"));
    assertEquals(401, fails(cluster(trusted, "token: bad")).code());
    assertEquals(401, fails(cluster(trusted, "{}")).code());
    assertEquals(0, fails(cluster(trusted, "tokenFile: nowhere")).code());
  }

  @Test
  void trustsNobodyElse() throws IOException {
    assertEquals(0, fails(cluster(here(""), "token: good")).code());
    String other = here("certificate-authority: named/certificate.pem");
    assertEquals(0, fails(cluster(other, "token: good")).code());
    reaches(cluster(here("insecure-skip-tls-verify: true"), "token: good"));
  }

  @Test
  void serversHaveTheNameThatIsAskedFor() throws IOException {
    String there = "server: " + named.uri() + "\ncertificate-authority: named/certificate.pem";
    assertEquals(0, fails(cluster(there, "token: good")).code());
    reaches(cluster(there + "\ntls-server-name: kube.example", "token: good"));
    assertEquals(
        0, fails(cluster(there + "\ntls-server-name: other.example", "token: good")).code());
    String stranger = "server: " + named.uri() + "\ncertificate-authority: ca/certificate.pem";
    assertEquals(
        0, fails(cluster(stranger + "\ntls-server-name: kube.example", "token: good")).code());
  }

  @Test
  void showsClientCertificates() throws Exception {
    String trusted = here("certificate-authority: ca/certificate.pem");
    reaches(cluster(trusted, "client-certificate: ca/certificate.pem\nclient-key: ca/key.pem"));
    String text = Files.readString(authority.key());
    byte[] old = PemKeyTest.pkcs1(PemKey.parse(text));
    String pem = PemKeyTest.pem("RSA PRIVATE KEY", old);
    reaches(
        cluster(
            trusted,
            "client-certificate-data: %s\nclient-key-data: %s"
                .formatted(
                    data(authority.certificate()),
                    Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)))));
    assertThrows(
        IOException.class, () -> cluster(trusted, "client-certificate: ca/certificate.pem"));
    assertThrows(
        IOException.class,
        () ->
            cluster(
                trusted, "client-certificate: ca/certificate.pem\nclient-key: ca/certificate.pem"));
  }

  @Test
  void actsAsOthers() throws IOException {
    String trusted = here("certificate-authority: ca/certificate.pem");
    KubeException failure = fails(cluster(trusted, "token: good\nas: somebody"));
    assertEquals(403, failure.code());
    assertTrue(String.valueOf(failure.getMessage()).contains("somebody"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec: {command: aws}",
        "auth-provider: {name: gcp}",
        "username: admin\npassword: x",
        "token: \"a b\"",
        "client-certificate-data: '!'\nclient-key-data: '!'",
        "token: t\nas: \"a\\nb\""
      })
  void refusesUsersItCannotBe(String user) {
    IOException failure = assertThrows(IOException.class, () -> cluster(here(""), user));
    assertTrue(String.valueOf(failure.getMessage()).length() > 20, failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server: ftp://x",
        "server: ''",
        "server: 'https://x\nproxy-url: http://p'",
        "server: x"
      })
  void refusesServersItCannotReach(String cluster) {
    assertThrows(IOException.class, () -> cluster(cluster, "token: t"));
  }

  @Test
  void severalFilesAreOne() throws IOException {
    Path first = Files.writeString(folder.resolve("first.yaml"), "current-context: main\n");
    Path second = config(here("certificate-authority: ca/certificate.pem"), "token: good");
    reaches(Cluster.ofKubeconfig(List.of(first, second), "", clock));
    Cluster found = Cluster.find(Map.of("KUBECONFIG", first + ":" + second), clock);
    reaches(found);
    assertThrows(
        IOException.class, () -> Cluster.ofKubeconfig(List.of(first, second), "other", clock));
    assertThrows(IOException.class, () -> Cluster.find(Map.of(), clock));
  }

  @Test
  void podsAreToldWhereTheyAre() throws IOException {
    Path account = Files.createDirectory(folder.resolve("account"));
    Files.copy(authority.certificate(), account.resolve("ca.crt"));
    Files.writeString(account.resolve("token"), "good");
    Files.writeString(account.resolve("namespace"), "velero");
    Cluster cluster =
        Cluster.inside(
            Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(http.port())),
            account,
            clock);
    assertEquals("velero", cluster.namespace());
    reaches(cluster);
    Map<String, String> six = Map.of("KUBERNETES_SERVICE_HOST", "fd00::1");
    assertEquals("https://[fd00::1]:443", Cluster.inside(six, account, clock).server().toString());
  }

  @Test
  void failuresNeverShowSecrets() throws IOException {
    Path file =
        config("server: https://x", "token: \"very secret\"\nclient-key-data: secret-as-well\n- x");
    IOException failure =
        assertThrows(IOException.class, () -> Cluster.ofKubeconfig(List.of(file), "", clock));
    assertTrue(
        Arrays.stream(new String[] {"very", "as-well"})
            .noneMatch(part -> String.valueOf(failure).contains(part)),
        failure.toString());
  }
}
