package dev.longshore.kube;

import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Generation;
import dev.longshore.kube.server.HttpApiServer;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/// The contract, of the client and the server in memory with HTTP between them.
class HttpContractTest extends KubeApiContract {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  private final ApiServer server = ApiServer.withVelero(Generation.NEW, CLOCK, new Random(1));
  private final HttpApiServer http;
  private final HttpKubeApi api;

  HttpContractTest() throws IOException {
    http = new HttpApiServer(server, null);
    http.accept("t", "");
    api = client(http.uri(), Limits.STANDARD);
  }

  static HttpKubeApi client(URI uri, Limits limits) throws IOException {
    Cluster.Identity identity = new Cluster.Identity(BearerToken.of("t", CLOCK), Map.of());
    return new HttpKubeApi(
        new Cluster(uri, Optional.empty(), identity, ""),
        limits,
        new Pace(CLOCK, Thread::sleep, new Random(2)));
  }

  @AfterEach
  void stop() {
    api.close();
    http.close();
  }

  @Override
  KubeApi api() {
    return api;
  }

  @Override
  String namespace() {
    return "velero";
  }

  @Override
  void collect() {
    server.collect();
  }
}
