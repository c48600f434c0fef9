package dev.longshore.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Generation;
import dev.longshore.kube.server.HttpApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real program in a process of its own.
class NodeAgentProcessTest {
  private static final String ADMIN = "";
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path temp;

  private final ApiServer server =
      ApiServer.withVelero(Generation.NEW, InstantSource.system(), new Random(1));

  private Process start(HttpApiServer http) throws IOException {
    Path config = temp.resolve("kubeconfig");
    Files.writeString(
        config,
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: {token: good}}]
        contexts: [{name: c, context: {cluster: c, user: u, namespace: velero}}]
        """
            .formatted(http.uri()));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.longshore.agent.NodeAgent",
            "--metrics-address=127.0.0.1:0",
            "--daemonset=agents");
    builder.environment().put("KUBECONFIG", config.toString());
    builder.environment().put("POD_NAME", "agent-1");
    return builder.redirectErrorStream(true).redirectOutput(temp.resolve("log").toFile()).start();
  }

  private String holder() {
    KubeObject lease = server.find(Resource.LEASES, "velero", "longshore-node-agent");
    return lease == null ? "nobody ever" : lease.text("spec", "holderIdentity");
  }

  private String log() throws IOException {
    return Files.readString(temp.resolve("log"));
  }

  @Test
  void endsInOrderWhenItIsTerminatedAndFreesItsLease() throws Exception {
    server.create(Resource.DAEMON_SETS, daemonSet());
    try (HttpApiServer http = new HttpApiServer(server, null)) {
      http.accept("good", ADMIN);
      Process agent = start(http);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!holder().startsWith("agent-1") && agent.isAlive() && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertTrue(holder().startsWith("agent-1"), log());
      agent.destroy();
      assertTrue(agent.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertEquals("", holder(), log());
      assertTrue(log().contains("msg=\"told to end\""), log());
      assertTrue(log().contains("the lease is free"), log());
    }
  }

  private static KubeObject daemonSet() {
    return KubeObject.of(Resource.DAEMON_SETS, "velero", "agents")
        .with(
            Json.Arr.of(Json.Obj.EMPTY.with("name", "node-agent").with("image", "longshore")),
            "spec",
            "template",
            "spec",
            "containers");
  }
}
