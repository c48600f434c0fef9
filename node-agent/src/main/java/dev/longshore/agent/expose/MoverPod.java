package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Builds the pod of a mover: the least that its task needs. Not for use twice.
///
/// It has no access to the node but a pod volume's own folder, no volume but the one it moves, and
/// of secrets those of its storage location and the repositories' password.
public final class MoverPod {
  /// Where the volume is in the pod.
  public static final String VOLUME_PATH = "/volume";

  private static final String CONTAINER = "data-mover";
  private static final String PROGRAM = "/opt/longshore/bin/data-mover";
  private static final String CREDENTIALS = "/run/longshore/credentials";
  private static final String PASSWORD = "/run/longshore/password";
  private static final String CA = "/run/longshore/ca";
  private static final String CACHE = "/cache";
  private static final String SCRATCH = "/tmp";
  private static final String REPORT = "/dev/termination-log";

  /// What is left of a cancel's ten seconds for a mover to end in.
  private static final int GRACE_SECONDS = 5;

  private final PodTemplate template;
  private final List<Json> volumes = new ArrayList<>();
  private final List<Json> mounts = new ArrayList<>();
  private final List<Json> devices = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<Json> nodeExpressions = new ArrayList<>();
  private final List<Json> nodeTerms = new ArrayList<>();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final List<Json> environment = new ArrayList<>();
  private String nodeName = "";
  private String selectedNode = "";
  private boolean privileged;
  private boolean plainSelinux = true;
  private String group = "";

  public MoverPod(PodTemplate template, TaskKind task) {
    this.template = template;
    arguments.add(task.word());
    labels.put(Names.TASK_LABEL, task.word());
    environment.addAll(template.environment().elements());
    environment.add(
        Json.Obj.EMPTY
            .with("name", "NODE_NAME")
            .with("valueFrom", fieldReference("spec.nodeName")));
    option(TaskOption.REPORT_FILE, REPORT);
    template.logArguments().forEach(arguments::add);
  }

  private static Json.Obj fieldReference(String path) {
    return Json.Obj.of("fieldRef", Json.Obj.EMPTY.with("fieldPath", path));
  }

  /// An argument of the mover.
  public MoverPod option(String name, String value) {
    arguments.add(name + "=" + value);
    return this;
  }

  /// The transfer that the pod works for.
  public MoverPod worksFor(Transfer transfer) {
    labels.put(Names.OWNER_UID_LABEL, transfer.uid());
    labels.put(
        Names.OWNER_LABEL,
        Names.label(transfer.kind().resource().plural() + "." + transfer.name()));
    labels.put(Names.ATTEMPT_LABEL, Integer.toString(transfer.attempt()));
    option(TaskOption.RESOURCE, transfer.kind().resource().plural());
    option(TaskOption.RESOURCE_NAMESPACE, transfer.namespace());
    option(TaskOption.RESOURCE_NAME, transfer.name());
    return option(TaskOption.RESOURCE_UID, transfer.uid());
  }

  /// A label of the pod.
  public MoverPod label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  /// The repository of a namespace in a storage location, with what it takes to reach it.
  public MoverPod repository(KubeObject location, String namespace) {
    option(TaskOption.REPOSITORY_NAMESPACE, namespace);
    environment.add(
        Json.Obj.EMPTY
            .with("name", StorageLocation.VARIABLE)
            .with("value", StorageLocation.of(location).toJson()));
    String secret = location.text("spec", "credential", "name");
    String key = location.text("spec", "credential", "key");
    boolean named = !secret.isEmpty();
    secret(
        "credentials",
        new SecretFile(
            named ? secret : Velero.DEFAULT_CREDENTIALS_SECRET,
            named ? key : Velero.DEFAULT_CREDENTIALS_KEY,
            !named),
        CREDENTIALS);
    option(TaskOption.CREDENTIALS_FILE, CREDENTIALS + "/file");
    secret(
        "password", new SecretFile(Velero.PASSWORD_SECRET, Velero.PASSWORD_KEY, false), PASSWORD);
    option(TaskOption.PASSWORD_FILE, PASSWORD + "/file");
    String ca = location.text("spec", "objectStorage", "caCertRef", "name");
    if (!ca.isEmpty()) {
      secret(
          "ca",
          new SecretFile(ca, location.text("spec", "objectStorage", "caCertRef", "key"), false),
          CA);
      option(TaskOption.CA_FILE, CA + "/file");
    }
    return this;
  }

  /// One key of a secret as a file.
  ///
  /// @param optional the pod starts without it
  private record SecretFile(String secret, String key, boolean optional) {}

  private void secret(String volume, SecretFile file, String path) {
    Json.Obj source =
        Json.Obj.EMPTY
            .with("secretName", file.secret())
            .with("items", Json.Arr.of(Json.Obj.EMPTY.with("key", file.key()).with("path", "file")))
            .with("defaultMode", 0400);
    volumes.add(
        Json.Obj.EMPTY
            .with("name", volume)
            .with("secret", file.optional() ? source.with("optional", true) : source));
    mounts.add(mount(volume, path).with("readOnly", true));
  }

  /// The claim whose volume is moved.
  ///
  /// @param block as a device
  public MoverPod volume(String claim, boolean block, boolean readOnly) {
    claimVolume("volume", claim, readOnly);
    if (block) {
      devices.add(Json.Obj.EMPTY.with("name", "volume").with("devicePath", VOLUME_PATH));
    } else {
      Json.Obj mount = mount("volume", VOLUME_PATH);
      mounts.add(readOnly ? mount.with("readOnly", true) : mount);
    }
    option(TaskOption.VOLUME_PATH, VOLUME_PATH);
    return option(TaskOption.VOLUME_MODE, block ? "Block" : "Filesystem");
  }

  /// The folder of a running pod's volumes, and the name of the one that is moved.
  public MoverPod podVolume(String podUid, String directory, boolean readOnly) {
    volumes.add(
        Json.Obj.EMPTY
            .with("name", "volume")
            .with(
                "hostPath",
                Json.Obj.EMPTY
                    .with("path", template.hostPods() + "/" + podUid + "/volumes")
                    .with("type", "Directory")));
    Json.Obj mount = mount("volume", VOLUME_PATH).with("mountPropagation", "HostToContainer");
    mounts.add(readOnly ? mount.with("readOnly", true) : mount);
    privileged = template.config().privilegedPodVolumes();
    option(TaskOption.VOLUME_PATH, VOLUME_PATH);
    option(TaskOption.VOLUME_DIRECTORY, directory);
    return option(TaskOption.VOLUME_MODE, "Filesystem");
  }

  /// The claim of a cache; without one the cache is in the pod's own folder.
  public MoverPod cache(String claim) {
    claimVolume("cache", claim, false);
    mounts.add(mount("cache", CACHE));
    return option(TaskOption.CACHE_FOLDER, CACHE);
  }

  private void claimVolume(String name, String claim, boolean readOnly) {
    Json.Obj source = Json.Obj.EMPTY.with("claimName", claim);
    volumes.add(
        Json.Obj.EMPTY
            .with("name", name)
            .with("persistentVolumeClaim", readOnly ? source.with("readOnly", true) : source));
  }

  /// Only on this node, past the scheduler.
  public MoverPod pinned(String node) {
    nodeName = node;
    return this;
  }

  /// Only on the node that the scheduler has chosen for the volume's user.
  public MoverPod onSelectedNode(String node) {
    selectedNode = node;
    return this;
  }

  /// On nodes for which these expressions hold.
  public MoverPod onNodes(List<Json> expressions) {
    nodeExpressions.addAll(expressions);
    return this;
  }

  /// On nodes of one of these terms.
  public MoverPod inTopology(Json.Arr terms) {
    nodeTerms.addAll(terms.elements());
    return this;
  }

  /// Pods of one group are spread over nodes.
  public MoverPod group(String name) {
    group = name;
    labels.put(Names.POD_GROUP_LABEL, name);
    return this;
  }

  /// The kubelet does not relabel the volume: the pod may read what carries any label.
  public MoverPod withoutRelabeling() {
    plainSelinux = false;
    return this;
  }

  /// The pod.
  ///
  /// @param owner goes, and the pod with it
  public KubeObject build(Resource ownerResource, KubeObject owner, String name) {
    KubeObject pod =
        KubeObject.of(Resource.PODS, owner.namespace(), name)
            .with(Json.Obj.ofStrings(allLabels()), "metadata", "labels")
            .with(
                Json.Arr.of(Owners.controller(ownerResource, owner)),
                "metadata",
                "ownerReferences");
    Map<String, String> annotations =
        template.config().podAnnotations().isEmpty()
            ? template.inheritedAnnotations()
            : template.config().podAnnotations();
    if (!annotations.isEmpty()) {
      pod = pod.with(Json.Obj.ofStrings(annotations), "metadata", "annotations");
    }
    return pod.with(spec(), "spec");
  }

  private Map<String, String> allLabels() {
    Map<String, String> all =
        new LinkedHashMap<>(
            template.config().podLabels().isEmpty()
                ? template.inheritedLabels()
                : template.config().podLabels());
    all.putAll(labels);
    return all;
  }

  private Json.Obj spec() {
    volumes.add(Json.Obj.EMPTY.with("name", "scratch").with("emptyDir", Json.Obj.EMPTY));
    mounts.add(mount("scratch", SCRATCH));
    Json.Obj spec =
        Json.Obj.EMPTY
            .with("restartPolicy", "Never")
            .with("serviceAccountName", template.serviceAccount())
            .with("terminationGracePeriodSeconds", GRACE_SECONDS)
            .with("os", Json.Obj.of("name", new Json.Str("linux")))
            .with("securityContext", podSecurity())
            .with("containers", Json.Arr.of(container()))
            .with("volumes", new Json.Arr(volumes));
    spec = unlessEmpty(spec, "imagePullSecrets", template.pullSecrets());
    spec = unlessEmpty(spec, "tolerations", template.tolerations());
    if (!template.dnsPolicy().isEmpty()) {
      spec = spec.with("dnsPolicy", template.dnsPolicy());
    }
    if (!template.config().priorityClass().isEmpty()) {
      spec = spec.with("priorityClassName", template.config().priorityClass());
    }
    return placed(spec);
  }

  private Json.Obj placed(Json.Obj spec) {
    if (!nodeName.isEmpty()) {
      return spec.with("nodeName", nodeName);
    }
    Json.Obj placed = spec;
    if (!selectedNode.isEmpty()) {
      placed =
          placed.with("nodeSelector", Json.Obj.EMPTY.with("kubernetes.io/hostname", selectedNode));
    }
    if (!group.isEmpty()) {
      placed = placed.with("topologySpreadConstraints", Json.Arr.of(spread()));
    }
    return placed.with(
        "affinity",
        Json.Obj.of(
            "nodeAffinity",
            Json.Obj.of(
                "requiredDuringSchedulingIgnoredDuringExecution",
                Json.Obj.of("nodeSelectorTerms", terms()))));
  }

  /// Every term of the volume's topology with all expressions added.
  private Json.Arr terms() {
    List<Json> all = new ArrayList<>(nodeExpressions);
    all.add(
        dev.longshore.agent.config.LabelSelector.nodeExpression(
            "kubernetes.io/os", "NotIn", List.of("windows")));
    if (nodeTerms.isEmpty()) {
      return Json.Arr.of(Json.Obj.of("matchExpressions", new Json.Arr(all)));
    }
    List<Json> terms = new ArrayList<>();
    for (Json.Obj term : new Json.Arr(nodeTerms).objects()) {
      List<Json> both = new ArrayList<>(new KubeObject(term).array("matchExpressions").elements());
      both.addAll(all);
      terms.add(term.with("matchExpressions", new Json.Arr(both)));
    }
    return new Json.Arr(terms);
  }

  private Json.Obj spread() {
    return Json.Obj.EMPTY
        .with("maxSkew", 1)
        .with("topologyKey", "kubernetes.io/hostname")
        .with("whenUnsatisfiable", "ScheduleAnyway")
        .with(
            "labelSelector",
            Json.Obj.of("matchLabels", Json.Obj.EMPTY.with(Names.POD_GROUP_LABEL, group)));
  }

  private Json.Obj podSecurity() {
    Json.Obj security = Json.Obj.EMPTY.with("runAsUser", 0);
    return plainSelinux
        ? security
        : security.with("seLinuxOptions", Json.Obj.EMPTY.with("type", "spc_t"));
  }

  private Json.Obj container() {
    Json.Obj security =
        privileged
            ? Json.Obj.EMPTY.with("privileged", true)
            : Json.Obj.EMPTY
                .with("allowPrivilegeEscalation", false)
                .with("readOnlyRootFilesystem", true)
                .with("capabilities", Capabilities.OF_MOVERS);
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", CONTAINER)
            .with("image", template.image())
            .with("imagePullPolicy", template.pullPolicy())
            .with("command", Json.Arr.ofStrings(List.of(PROGRAM)))
            .with("args", Json.Arr.ofStrings(arguments))
            .with("env", new Json.Arr(environment))
            .with("securityContext", security)
            .with("volumeMounts", new Json.Arr(mounts))
            .with("terminationMessagePath", REPORT)
            .with("terminationMessagePolicy", "File");
    container = unlessEmpty(container, "envFrom", template.environmentSources());
    container = unlessEmpty(container, "volumeDevices", new Json.Arr(devices));
    return template.config().resources().fields().isEmpty()
        ? container
        : container.with("resources", template.config().resources());
  }

  private static Json.Obj unlessEmpty(Json.Obj object, String field, Json.Arr array) {
    return array.elements().isEmpty() ? object : object.with(field, array);
  }

  private static Json.Obj mount(String volume, String path) {
    return Json.Obj.EMPTY.with("name", volume).with("mountPath", path);
  }
}
