package dev.longshore.agent.world;

import dev.longshore.agent.world.mover.DummyMover;
import dev.longshore.agent.world.mover.DummyRepository;
import dev.longshore.agent.world.node.Kubelet;
import dev.longshore.agent.world.node.NodeLifecycle;
import dev.longshore.agent.world.node.Nodes;
import dev.longshore.agent.world.node.Programs;
import dev.longshore.agent.world.node.Scheduler;
import dev.longshore.agent.world.storage.Attacher;
import dev.longshore.agent.world.storage.ClaimBinder;
import dev.longshore.agent.world.storage.ClaimProtection;
import dev.longshore.agent.world.storage.Disks;
import dev.longshore.agent.world.storage.Provisioner;
import dev.longshore.agent.world.storage.SnapshotController;
import dev.longshore.agent.world.storage.Snapshotter;
import dev.longshore.agent.world.storage.VolumeKeeper;
import dev.longshore.agent.world.velero.Archive;
import dev.longshore.agent.world.velero.BackupDeletion;
import dev.longshore.agent.world.velero.BackupSync;
import dev.longshore.agent.world.velero.Backups;
import dev.longshore.agent.world.velero.Repositories;
import dev.longshore.agent.world.velero.RestoreHelper;
import dev.longshore.agent.world.velero.Restores;
import dev.longshore.agent.world.velero.VeleroNodeAgent;
import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Generation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A Kubernetes cluster with storage, Velero's server and two nodes, `n1` and `n2`.
///
/// There are the storage classes `fast` and `waiting` (which waits for the first consumer), the
/// snapshot class `snap`, the storage location `default`, and what an installation of Velero needs.
/// Programs: every container with the word `data-mover` in its command line is a [DummyMover].
public final class Cluster {
  public static final String DRIVER = "csi.example.com";

  /// The participant to crash where BackupRepositories are not Velero's business.
  public static final String VELERO_REPOSITORIES = "velero-repositories";

  private final ApiServer server;
  private final FakeClock clock = FakeClock.of2026();
  private final RandomGenerator random;
  private final Delays delays = new Delays();
  private final Troubles troubles = new Troubles();
  private final Turns turns;
  private final Disks disks;
  private final Programs programs = new Programs();
  private final DummyRepository repository = new DummyRepository();
  private final Archive archive = new Archive();
  private final Map<String, Kubelet> kubelets = new LinkedHashMap<>();
  private final Options options;

  /// What a cluster is like.
  ///
  /// @param folder for disks and nodes; null: nothing has files
  public record Options(
      long seed,
      @Nullable Path folder,
      Generation generation,
      VeleroSettings velero,
      Snapshotter.Clones clones) {
    /// Without files, with the newest kinds, and with Longshore as the mover.
    public static Options of(long seed) {
      return new Options(
          seed,
          null,
          Generation.NEW,
          VeleroSettings.standard("longshore"),
          Snapshotter.Clones.INDEPENDENT);
    }

    public Options in(Path place) {
      return new Options(seed, place, generation, velero, clones);
    }

    public Options with(Generation kinds) {
      return new Options(seed, folder, kinds, velero, clones);
    }

    public Options with(VeleroSettings settings) {
      return new Options(seed, folder, generation, settings, clones);
    }

    public Options with(Snapshotter.Clones behaviour) {
      return new Options(seed, folder, generation, velero, behaviour);
    }
  }

  public Cluster(Options options) throws KubeException {
    this.options = options;
    this.random = Seeds.generator(options.seed);
    this.server = ApiServer.withVelero(options.generation, clock, Seeds.generator(~options.seed));
    this.turns = new Turns(server, clock, Seeds.generator(options.seed * 31));
    this.disks =
        options.folder == null ? Disks.counted() : Disks.in(options.folder.resolve("disks"));
    programs.addForWord("data-mover", new DummyMover(repository, disks));
    programs.addForWord("velero-restore-helper", new RestoreHelper(disks));
    Furniture.put(
        server, options.velero, options.folder == null ? null : options.folder.resolve("store"));
    addStorage();
    addStandIn("scheduler", Scheduler::new);
    addStandIn("job-controller", Jobs::new);
    addStandIn("node-lifecycle", NodeLifecycle::new);
    turns.addController("garbage-collector", api -> new GarbageCollector(site(api), server));
    addStandIn("velero-backups", site -> new Backups(site, options.velero, archive));
    addStandIn("velero-restores", site -> new Restores(site, options.velero, archive));
    addStandIn(
        "velero-deletion", site -> new BackupDeletion(site, options.velero, archive, repository));
    addStandIn(VELERO_REPOSITORIES, site -> new Repositories(site, options.velero));
    addNode(Nodes.linux("n1"));
    addNode(Nodes.linux("n2"));
  }

  private void addStorage() {
    addStandIn("claim-binder", ClaimBinder::new);
    addStandIn("volume-keeper", site -> new VolumeKeeper(site, disks));
    addStandIn("claim-protection", ClaimProtection::new);
    addStandIn("provisioner", site -> new Provisioner(site, disks));
    addStandIn("attacher", Attacher::new);
    addStandIn("snapshot-controller", SnapshotController::new);
    addStandIn("snapshotter", site -> new Snapshotter(site, disks, options.clones));
  }

  private Site site(KubeApi api) {
    return new Site(api, clock, random, delays, troubles);
  }

  /// Adds one of the cluster's own controllers, which may do everything.
  public void addStandIn(String name, Function<Site, ? extends Participant> maker) {
    turns.addController(name, api -> maker.apply(site(api)));
  }

  /// Adds somebody under test.
  ///
  /// @param user whose permissions hold
  /// @param maker starts it, again after each crash
  public void add(String name, String user, Function<KubeApi, Participant> maker) {
    turns.add(name, user, maker);
  }

  /// Lets a user do everything.
  public void trust(String user) {
    Json.Arr all = Json.Arr.ofStrings(List.of("*"));
    server
        .access()
        .grant(
            user,
            "",
            List.of(
                Json.Obj.EMPTY.with("apiGroups", all).with("resources", all).with("verbs", all)));
  }

  /// Adds a node, with its kubelet.
  public void addNode(KubeObject node) throws KubeException {
    KubeObject made = server.create(Resource.NODES, node);
    server.replaceStatus(Resource.NODES, made.with(node.object("status"), "status"));
    Path folder =
        (options.folder == null ? Path.of("counted") : options.folder).resolve(node.name());
    Kubelet.Machine machine =
        new Kubelet.Machine(node.name(), folder, options.folder != null, disks, programs);
    Kubelet kubelet = new Kubelet(site(server), server, machine);
    kubelets.put(node.name(), kubelet);
    turns.addController("kubelet-" + node.name(), _ -> kubelet);
  }

  /// A node does not answer any more, and its programs are gone.
  public void loseNode(String name) throws KubeException {
    kubelet(name).powerOff();
    server.replaceStatus(Resource.NODES, Nodes.ready(server.get(Resource.NODES, "", name), false));
  }

  /// A lost node is back, without the programs it had.
  public void findNode(String name) throws KubeException {
    kubelet(name).powerOn();
    server.replaceStatus(Resource.NODES, Nodes.ready(server.get(Resource.NODES, "", name), true));
  }

  /// Adds Velero's own node-agent, on every node.
  ///
  /// @param queueLength its `prepareQueueLength`; 0: none
  public void addVeleroNodeAgents(int queueLength) {
    for (String node : kubelets.keySet()) {
      VeleroNodeAgent.Home home =
          new VeleroNodeAgent.Home(options.velero.namespace(), node, queueLength);
      addStandIn("velero-node-agent-" + node, site -> new VeleroNodeAgent(site, home));
    }
  }

  /// Adds the part of Velero's server that compares backups with the bucket.
  public void addBackupSync() {
    addStandIn("velero-backup-sync", site -> new BackupSync(site, options.velero, archive));
  }

  /// The kubelet of a node.
  public Kubelet kubelet(String node) {
    Kubelet kubelet = kubelets.get(node);
    if (kubelet == null) {
      throw new IllegalArgumentException("no node " + node);
    }
    return kubelet;
  }

  /// The kubelet of a pod's node.
  public Kubelet kubeletOf(KubeObject pod) {
    return kubelet(pod.text("spec", "nodeName"));
  }

  public void run(Duration duration) {
    turns.run(duration);
  }

  /// Lets time pass until something is so.
  ///
  /// @return false if it was not so in that time
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    return turns.runUntil(condition, limit);
  }

  /// Waits until nothing is left that should not be there.
  ///
  /// @return what is left at last, a line each
  public List<String> leaksAfter(Duration limit) {
    boolean _ = turns.runUntil(() -> leaks().isEmpty(), limit);
    return leaks();
  }

  /// What should not be there if all transfers were over, a line each.
  public List<String> leaks() {
    return Leaks.in(server, disks, options.velero.namespace());
  }

  /// Makes a claim of a class that binds at once, and says what is in its volume.
  public void makeVolume(KubeObject claim, String content) throws KubeException {
    server.create(Resource.CLAIMS, claim);
    boolean isBound =
        runUntil(
            () -> {
              KubeObject found = server.find(Resource.CLAIMS, claim.namespace(), claim.name());
              return found != null && found.text("status", "phase").equals("Bound");
            },
            Duration.ofMinutes(5));
    if (!isBound) {
      throw new IllegalStateException("no volume for " + claim.name());
    }
    disks.fill(volume(claim.namespace(), claim.name()), content);
  }

  /// What is in the volume of a claim, which has to be bound.
  public String content(String namespace, String claim) throws KubeException {
    return disks.content(volume(namespace, claim));
  }

  /// Where a claim's volume is; the claim has to be bound.
  public Path volume(String namespace, String claim) throws KubeException {
    KubeObject found = server.get(Resource.CLAIMS, namespace, claim);
    KubeObject volume = server.get(Resource.VOLUMES, "", found.text("spec", "volumeName"));
    return disks.disk(volume.text("spec", "csi", "volumeHandle")).path();
  }

  public ApiServer server() {
    return server;
  }

  public FakeClock clock() {
    return clock;
  }

  public RandomGenerator random() {
    return random;
  }

  public Delays delays() {
    return delays;
  }

  public Troubles troubles() {
    return troubles;
  }

  public Turns turns() {
    return turns;
  }

  public Disks disks() {
    return disks;
  }

  public Programs programs() {
    return programs;
  }

  public DummyRepository repository() {
    return repository;
  }

  public Archive archive() {
    return archive;
  }

  public VeleroSettings velero() {
    return options.velero;
  }
}
