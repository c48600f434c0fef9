package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.S3Servers;
import dev.longshore.engine.testkit.ServerProcess;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The command line on a bucket of a real S3 server.
class S3IT extends RemoteInteropContract {
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(S3Servers.hasProxy(), "S3Proxy is fetched by the build of the module s3proxy");
    server = S3Servers.startProxy(folder, "bucket");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  List<String> place(String prefix) {
    return List.of(
        "s3",
        "--bucket=bucket",
        "--endpoint=" + server.address(),
        "--disable-tls",
        "--prefix=" + prefix);
  }

  @Override
  List<String> keys() {
    return List.of(
        "--access-key=" + S3Servers.ACCESS_KEY, "--secret-access-key=" + S3Servers.SECRET_KEY);
  }

  @Override
  String secret() {
    return S3Servers.SECRET_KEY;
  }

  @Override
  String hiddenSecret() {
    return "\"secretAccessKey\": \"***********\"";
  }

  @Test
  void keysMayComeFromTheEnvironmentAndWrongOnesAreRefused() throws Exception {
    OwnRepo repo = repo("environment");
    repo.with("AWS_ACCESS_KEY_ID", S3Servers.ACCESS_KEY);
    repo.with("AWS_SECRET_ACCESS_KEY", S3Servers.SECRET_KEY);
    repo.run(command("create", "environment/", List.of()));
    repo.with("AWS_SECRET_ACCESS_KEY", "wrong secret");
    OwnRepo.Outcome refused = repo.tryRun(command("connect", "environment/", List.of()));
    assertTrue(refused.err().contains("SignatureDoesNotMatch"), refused.err());
    assertFalse(refused.err().contains("wrong secret"), refused.err());
  }
}
