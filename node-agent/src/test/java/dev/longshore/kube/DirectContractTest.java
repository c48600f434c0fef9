package dev.longshore.kube;

import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Generation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;

/// The contract, of the server in memory itself.
class DirectContractTest extends KubeApiContract {
  private final ApiServer server =
      ApiServer.withVelero(
          Generation.NEW,
          InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")),
          new Random(1));

  @Override
  KubeApi api() {
    return server;
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
