package dev.longshore.kube;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/// The contract, of a real API server: what the one in memory claims is so. The cluster has the
/// custom kinds of Velero and of volume snapshots, no nodes, and nobody who writes to snapshots.
@EnabledIfEnvironmentVariable(named = "LONGSHORE_KUBECONFIG", matches = ".+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealServerContractIT extends KubeApiContract {
  private static final Duration COLLECTION = Duration.ofSeconds(5);

  private final HttpKubeApi api;
  private final String namespace = "longshore-" + Long.toHexString(new Random().nextLong());

  RealServerContractIT() throws IOException {
    InstantSource clock = InstantSource.system();
    Path config = Path.of(Objects.requireNonNull(System.getenv("LONGSHORE_KUBECONFIG")));
    api =
        new HttpKubeApi(
            Cluster.ofKubeconfig(List.of(config), "", clock),
            Limits.STANDARD,
            new Pace(clock, Thread::sleep, new Random()));
  }

  @BeforeAll
  void makeNamespace() throws Exception {
    api.create(Resource.NAMESPACES, KubeObject.of(Resource.NAMESPACES, "", namespace));
    // Pods are refused until their service account is there.
    ListOptions standard = ListOptions.withFields("metadata.name=default");
    while (api.list(Resource.SERVICE_ACCOUNTS, namespace, standard).items().isEmpty()) {
      Thread.sleep(100);
    }
  }

  @AfterAll
  void removeNamespace() throws KubeException {
    try (api) {
      api.delete(Resource.NAMESPACES, "", namespace, DeleteOptions.DEFAULT);
    }
  }

  @Override
  KubeApi api() {
    return api;
  }

  @Override
  String namespace() {
    return namespace;
  }

  @Override
  void collect() throws InterruptedException {
    Thread.sleep(COLLECTION);
  }
}
