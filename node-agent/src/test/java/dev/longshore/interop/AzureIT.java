package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Azurite;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.SelfSigned;
import dev.longshore.engine.testkit.ServerProcess;
import dev.longshore.engine.testkit.Tunnel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The command line on a container of Azurite over TLS.
///
/// Kopia wants a name like Azure's own, which is why both go through a proxy that leads every name
/// to Azurite.
class AzureIT extends RemoteInteropContract {
  private static final String DOMAIN = "azurite.test";

  private static ServerProcess server;
  private static Tunnel tunnel;
  private static SSLContext systems;
  private static Path certificate;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Azurite.find();
    assumeTrue(program.isPresent(), "no Node.js and npm to run Azurite");
    SelfSigned keys = SelfSigned.make(folder, "ip:127.0.0.1,dns:" + Azurite.ACCOUNT + "." + DOMAIN);
    certificate = keys.certificate();
    server = Azurite.start(program.orElseThrow(), folder, keys);
    Azurite.makeContainer(server, "container", keys);
    tunnel = new Tunnel(Integer.parseInt(server.address().split(":", 2)[1]));
    systems = SSLContext.getDefault();
    SSLContext.setDefault(keys.context());
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", Integer.toString(tunnel.port()));
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("https.proxyHost");
    System.clearProperty("https.proxyPort");
    if (systems != null) {
      SSLContext.setDefault(systems);
    }
    if (tunnel != null) {
      tunnel.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Override
  List<String> place(String prefix) {
    return List.of(
        "azure",
        "--container=container",
        "--storage-account=" + Azurite.ACCOUNT,
        "--storage-domain=" + DOMAIN,
        "--prefix=" + prefix);
  }

  @Override
  List<String> keys() {
    return List.of("--storage-key=" + Azurite.KEY);
  }

  @Override
  String secret() {
    return Azurite.KEY;
  }

  @Override
  String hiddenSecret() {
    return "\"storageKey\": \"***";
  }

  @Override
  Kopia kopia(String name) {
    return super.kopia(name)
        .with("HTTPS_PROXY", "http://127.0.0.1:" + tunnel.port())
        .with("SSL_CERT_FILE", certificate.toString());
  }

  @Test
  void wrongKeysAreRefused() throws Exception {
    OwnRepo repo = repo("wrong");
    OwnRepo.Outcome refused =
        repo.tryRun(command("connect", "alone/", List.of("--storage-key=d3Jvbmc=")));
    assertTrue(refused.err().contains("AuthorizationFailure"), refused.err());
  }
}
