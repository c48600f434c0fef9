package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
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

  private static final String VOLUME = "volume";
  private static final String CONTAINER = "data-mover";
  private static final String PROGRAM = "/opt/longshore/bin/data-mover";
  private static final String SECRETS = "/run/longshore/";
  private static final String CACHE = "/cache";
  private static final String SCRATCH = "/tmp";
  private static final String REPORT = "/dev/termination-log";

  /// What is left of a cancel's ten seconds for a mover to end in.
  private static final int GRACE_SECONDS = 5;

  private final PodTemplate template;
  private final PodVolumes volumes = new PodVolumes();
  private final Placement placement = new Placement();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final List<Json> environment = new ArrayList<>();
  private boolean privileged;
  private boolean plainSelinux = true;

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

  /// A variable of the mover's environment.
  public MoverPod variable(String name, String value) {
    environment.add(Json.Obj.EMPTY.with("name", name).with("value", value));
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

  /// The repository that the mover works with, and what it takes to reach it.
  public MoverPod repository(Repository repository) {
    KubeObject location = repository.location();
    option(TaskOption.REPOSITORY_NAMESPACE, repository.namespace());
    if (repository.cacheLimitMegabytes() > 0) {
      option(TaskOption.CACHE_LIMIT_MB, Long.toString(repository.cacheLimitMegabytes()));
    }
    environment.add(
        Json.Obj.EMPTY
            .with("name", StorageLocation.VARIABLE)
            .with("value", StorageLocation.of(location).toJson()));
    String secret = location.text("spec", "credential", "name");
    String key = location.text("spec", "credential", "key");
    boolean named = !secret.isEmpty();
    secret(
        "credentials",
        new PodVolumes.SecretFile(
            named ? secret : Velero.DEFAULT_CREDENTIALS_SECRET,
            named ? key : Velero.DEFAULT_CREDENTIALS_KEY,
            !named),
        TaskOption.CREDENTIALS_FILE);
    secret(
        "password",
        new PodVolumes.SecretFile(Velero.PASSWORD_SECRET, Velero.PASSWORD_KEY, false),
        TaskOption.PASSWORD_FILE);
    String ca = location.text("spec", "objectStorage", "caCertRef", "name");
    if (!ca.isEmpty()) {
      String caKey = location.text("spec", "objectStorage", "caCertRef", "key");
      secret("ca", new PodVolumes.SecretFile(ca, caKey, false), TaskOption.CA_FILE);
    }
    return this;
  }

  private void secret(String name, PodVolumes.SecretFile file, String option) {
    String path = SECRETS + name;
    volumes.secret(name, file, path);
    option(option, path + PodVolumes.FILE);
  }

  /// The claim whose volume is moved.
  ///
  /// @param block as a device
  public MoverPod volume(String claim, boolean block, boolean readOnly) {
    if (block) {
      volumes.device(VOLUME, claim, VOLUME_PATH, readOnly);
    } else {
      volumes.claim(VOLUME, claim, VOLUME_PATH, readOnly);
    }
    option(TaskOption.VOLUME_PATH, VOLUME_PATH);
    return option(TaskOption.VOLUME_MODE, block ? "Block" : "Filesystem");
  }

  /// The folder of a running pod's volumes, and the name of the one that is moved.
  public MoverPod podVolume(String podUid, String directory, boolean readOnly) {
    volumes.hostFolder(
        VOLUME, template.hostPods() + "/" + podUid + "/volumes", VOLUME_PATH, readOnly);
    privileged = template.config().privilegedPodVolumes();
    option(TaskOption.VOLUME_PATH, VOLUME_PATH);
    option(TaskOption.VOLUME_DIRECTORY, directory);
    return option(TaskOption.VOLUME_MODE, "Filesystem");
  }

  /// The claim of a cache; without one the cache is in the pod's own folder.
  public MoverPod cache(String claim) {
    volumes.claim("cache", claim, CACHE, false);
    return option(TaskOption.CACHE_FOLDER, CACHE);
  }

  /// Only on this node, past the scheduler.
  public MoverPod pinned(String node) {
    placement.pin(node);
    return this;
  }

  /// Only on the node that the scheduler has chosen for the volume's user.
  public MoverPod onSelectedNode(String node) {
    placement.select(node);
    return this;
  }

  /// On nodes for which these expressions hold.
  public MoverPod onNodes(List<Json> expressions) {
    placement.restrict(expressions);
    return this;
  }

  /// On nodes of one of these terms.
  public MoverPod inTopology(Json.Arr terms) {
    placement.within(terms);
    return this;
  }

  /// Pods of one group are spread over nodes.
  public MoverPod group(String name) {
    placement.spread(name);
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
    if (!annotations().isEmpty()) {
      pod = pod.with(Json.Obj.ofStrings(annotations()), "metadata", "annotations");
    }
    return pod.with(spec(), "spec");
  }

  /// The pod as the template of a job.
  public Json.Obj template() {
    Json.Obj metadata = Json.Obj.of("labels", Json.Obj.ofStrings(allLabels()));
    return Json.Obj.of(
            "metadata",
            annotations().isEmpty()
                ? metadata
                : metadata.with("annotations", Json.Obj.ofStrings(annotations())))
        .with("spec", spec());
  }

  private Map<String, String> annotations() {
    return template.config().podAnnotations().isEmpty()
        ? template.inheritedAnnotations()
        : template.config().podAnnotations();
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
    volumes.scratch("scratch", SCRATCH);
    Json.Obj spec =
        Json.Obj.EMPTY
            .with("restartPolicy", "Never")
            .with("serviceAccountName", template.serviceAccount())
            .with("terminationGracePeriodSeconds", GRACE_SECONDS)
            .with("os", Json.Obj.of("name", new Json.Str("linux")))
            .with("securityContext", podSecurity())
            .with("containers", Json.Arr.of(container()))
            .with("volumes", volumes.volumes());
    spec = unlessEmpty(spec, "imagePullSecrets", template.pullSecrets());
    spec = unlessEmpty(spec, "tolerations", template.tolerations());
    if (!template.dnsPolicy().isEmpty()) {
      spec = spec.with("dnsPolicy", template.dnsPolicy());
    }
    if (!template.config().priorityClass().isEmpty()) {
      spec = spec.with("priorityClassName", template.config().priorityClass());
    }
    return placement.applyTo(spec);
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
            .with("volumeMounts", volumes.mounts())
            .with("terminationMessagePath", REPORT)
            .with("terminationMessagePolicy", "File");
    container = unlessEmpty(container, "envFrom", template.environmentSources());
    container = unlessEmpty(container, "volumeDevices", volumes.devices());
    return template.config().resources().fields().isEmpty()
        ? container
        : container.with("resources", template.config().resources());
  }

  private static Json.Obj unlessEmpty(Json.Obj object, String field, Json.Arr array) {
    return array.elements().isEmpty() ? object : object.with(field, array);
  }
}
