package dev.longshore.agent.reconcile;

import dev.longshore.agent.Agent;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.agent.repository.UpkeepSettings;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.Furniture;
import dev.longshore.agent.world.Participant;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Pace;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A cluster with a shop in it, whose data our agents move.
final class Shop {
  static final String VELERO = "velero";
  static final String NAMESPACE = "shop";
  static final String AGENT = "system:serviceaccount:velero:longshore";
  static final String MOVER = "system:serviceaccount:velero:data-mover";
  static final Duration LONG = Duration.ofHours(6);

  private final Cluster cluster;
  private final Settings settings;

  Shop(Cluster.Options options) throws KubeException {
    this(options, AgentConfig.defaults(), new Ownership("longshore", false));
  }

  Shop(Cluster.Options options, AgentConfig config, Ownership ownership) throws KubeException {
    this(options, config, ownership, UpkeepSettings.VELEROS);
  }

  Shop(Cluster.Options options, AgentConfig config, Ownership ownership, UpkeepSettings upkeep)
      throws KubeException {
    this.cluster = new Cluster(options);
    this.settings = new Settings(ownership, config, "n1", Settings.DEFAULT_PREPARE_TIMEOUT, upkeep);
    grant(AGENT, VELERO, "agent-role.yaml");
    grant(AGENT, "", "agent-cluster-role.yaml");
    grant(MOVER, VELERO, "mover-role.yaml");
  }

  /// Gives a user what the chart gives it, and nothing else.
  private void grant(String user, String namespace, String file) {
    Path chart = Path.of("deploy/chart/longshore/files");
    Path folder = Files.exists(chart) ? chart : Path.of("node-agent").resolve(chart);
    try {
      Json.Obj role = Yaml.parseObject(Files.readString(folder.resolve(file)));
      cluster
          .server()
          .access()
          .grant(user, namespace, new KubeObject(role).array("rules").objects());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lets movers have tokens of their own account, as the chart does.
  void allowTokens() {
    Json.Obj rule =
        Json.Obj.EMPTY
            .with("apiGroups", Json.Arr.ofStrings(List.of("")))
            .with("resources", Json.Arr.ofStrings(List.of("serviceaccounts/token")))
            .with("resourceNames", Json.Arr.ofStrings(List.of("data-mover")))
            .with("verbs", Json.Arr.ofStrings(List.of("create")));
    Json.Obj role = Json.Obj.EMPTY.with("kind", "Role").with("rules", Json.Arr.of(rule));
    Json.Obj place = Json.Obj.EMPTY.with("name", "tokens").with("namespace", VELERO);
    Json.Obj account =
        Json.Obj.EMPTY
            .with("kind", "ServiceAccount")
            .with("namespace", VELERO)
            .with("name", "data-mover");
    cluster.server().access().apply(new KubeObject(role.with("metadata", place)));
    cluster
        .server()
        .access()
        .apply(
            new KubeObject(
                Json.Obj.EMPTY
                    .with("kind", "RoleBinding")
                    .with("metadata", place)
                    .with("subjects", Json.Arr.of(account))
                    .with("roleRef", Json.Obj.EMPTY.with("kind", "Role").with("name", "tokens"))));
  }

  Cluster cluster() {
    return cluster;
  }

  /// Starts an agent, again after each crash.
  void addAgent(String name) {
    addAgent(name, "longshore");
  }

  /// Starts an agent that asks for a Lease of another name: it leads beside others.
  void addAgent(String name, String lease) {
    cluster.add(name, AGENT, api -> new AgentProcess(api, name, lease));
  }

  /// An agent's process.
  private final class AgentProcess implements Participant {
    private final Agent agent;

    AgentProcess(KubeApi api, String name, String lease) {
      try {
        this.agent =
            new Agent(
                api,
                new Pace(cluster.clock(), _ -> {}, Seeds.generator(1)),
                new Agent.Place(VELERO, lease, name + "-" + System.identityHashCode(this)),
                settings,
                PodTemplate.of(
                    cluster.server().get(Resource.DAEMON_SETS, VELERO, "node-agent"),
                    "data-mover",
                    List.of(),
                    settings.config()),
                Agent.Meters.NONE);
      } catch (KubeException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Duration step() {
      try {
        return agent.step();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// A claim with a volume.
  void addClaim(String name, String storageClass) throws KubeException {
    addClaim(Furniture.claim(NAMESPACE, name, storageClass, "1Gi"));
  }

  /// A claim with a volume.
  void addClaim(KubeObject claim) throws KubeException {
    String name = claim.name();
    cluster.server().create(Resource.CLAIMS, claim);
    cluster.server().create(Resource.PODS, Furniture.pod(NAMESPACE, "user-of-" + name, name));
    boolean bound = cluster.runUntil(() -> isBound(NAMESPACE, name), Duration.ofMinutes(10));
    if (!bound) {
      throw new IllegalStateException(name + " is not bound");
    }
  }

  boolean isBound(String namespace, String claim) {
    KubeObject found = cluster.server().find(Resource.CLAIMS, namespace, claim);
    return found != null && found.text("status", "phase").equals("Bound");
  }

  void backUp(String name) throws KubeException {
    cluster.server().create(Velero.BACKUPS, Furniture.backup(VELERO, name, List.of(NAMESPACE)));
  }

  /// Backs up, and waits until Velero has the backup in its archive.
  ///
  /// @return the backup's phase
  String backUpToTheEnd(String name) throws KubeException {
    backUp(name);
    boolean _ =
        cluster.runUntil(
            () -> {
              KubeObject found = cluster.server().find(Velero.BACKUPS, VELERO, name);
              return found != null
                  && List.of("Completed", "PartiallyFailed", "Failed").contains(phase(found));
            },
            LONG);
    return phase(cluster.server().get(Velero.BACKUPS, VELERO, name));
  }

  /// Backs up the volumes of pods from the file system.
  void backUpPods(String name) throws KubeException {
    // Velero passes over pods that do not run.
    boolean running =
        cluster.runUntil(
            () ->
                cluster.server().all(Resource.PODS).stream()
                    .filter(pod -> pod.namespace().equals(NAMESPACE))
                    .allMatch(pod -> pod.text("status", "phase").equals("Running")),
            Duration.ofMinutes(10));
    if (!running) {
      throw new IllegalStateException("the shop's pods do not run");
    }
    cluster
        .server()
        .create(
            Velero.BACKUPS,
            Furniture.backup(VELERO, name, List.of(NAMESPACE))
                .with(true, "spec", "defaultVolumesToFsBackup"));
  }

  void restore(String name, String backup, String into) throws KubeException {
    cluster
        .server()
        .create(Velero.RESTORES, Furniture.restore(VELERO, name, backup, Map.of(NAMESPACE, into)));
  }

  List<KubeObject> uploads() {
    return cluster.server().all(Velero.DATA_UPLOADS);
  }

  List<KubeObject> downloads() {
    return cluster.server().all(Velero.DATA_DOWNLOADS);
  }

  static boolean areOver(List<KubeObject> transfers, int count) {
    return transfers.size() == count && transfers.stream().allMatch(Shop::isOver);
  }

  static boolean isOver(KubeObject transfer) {
    return List.of("Completed", "Failed", "Canceled").contains(phase(transfer));
  }

  static String phase(KubeObject transfer) {
    return transfer.text("status", "phase");
  }

  static String text(KubeObject object) {
    return JsonCodec.writeIndented(object.json());
  }

  static String text(List<KubeObject> objects) {
    return objects.stream().map(Shop::text).collect(java.util.stream.Collectors.joining());
  }
}
