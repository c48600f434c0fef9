package dev.longshore.agent.expose;

import dev.longshore.agent.config.AgentConfig;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What all mover pods have in common: taken from the agent's own DaemonSet and its settings.
///
/// @param image the distribution's
/// @param pullPolicy of the image
/// @param pullSecrets names of secrets: `[{"name":…}]`
/// @param serviceAccount which may read transfers and send events, and nothing else
/// @param environment variables of the agent that movers need too
/// @param environmentSources `envFrom` of the agent
/// @param tolerations taints under which movers run all the same
/// @param dnsPolicy empty: the cluster's default
/// @param hostPods the folder of pods on every node
/// @param inheritedLabels labels of the agent's pods for identities of clouds
/// @param inheritedAnnotations annotations for the same
/// @param logArguments how movers log
/// @param config the agent's settings
public record PodTemplate(
    String image,
    String pullPolicy,
    Json.Arr pullSecrets,
    String serviceAccount,
    Json.Arr environment,
    Json.Arr environmentSources,
    Json.Arr tolerations,
    String dnsPolicy,
    String hostPods,
    Map<String, String> inheritedLabels,
    Map<String, String> inheritedAnnotations,
    List<String> logArguments,
    AgentConfig config) {
  private static final String IDENTITY_LABEL = "azure.workload.identity/use";
  private static final String ROLE_ANNOTATION = "iam.amazonaws.com/role";
  private static final String DEFAULT_HOST_PODS = "/var/lib/kubelet/pods";
  private static final Set<String> KEPT_TOLERATIONS =
      Set.of("kubernetes.azure.com/scalesetpriority", "CriticalAddonsOnly");

  /// Variables of the agent that say who it is, which a mover is not.
  private static final Set<String> OWN_VARIABLES =
      Set.of("NODE_NAME", "POD_NAME", "VELERO_NAMESPACE", "VELERO_SCRATCH_DIR");

  /// What the DaemonSet of the agent says.
  ///
  /// @param serviceAccount empty: the agent's own
  public static PodTemplate of(
      KubeObject daemonSet, String serviceAccount, List<String> logArguments, AgentConfig config) {
    KubeObject spec = new KubeObject(daemonSet.object("spec", "template", "spec"));
    KubeObject template = new KubeObject(daemonSet.object("spec", "template"));
    List<Json.Obj> containers = spec.array("containers").objects();
    KubeObject container =
        new KubeObject(
            containers.stream()
                .filter(one -> new KubeObject(one).text("name").equals("node-agent"))
                .findFirst()
                .orElse(containers.isEmpty() ? Json.Obj.EMPTY : containers.getFirst()));
    String pullPolicy = container.text("imagePullPolicy");
    return new PodTemplate(
        container.text("image"),
        pullPolicy.isEmpty() ? "IfNotPresent" : pullPolicy,
        spec.array("imagePullSecrets"),
        serviceAccount.isEmpty() ? spec.text("serviceAccountName") : serviceAccount,
        kept(container.array("env"), "name", OWN_VARIABLES, false),
        container.array("envFrom"),
        kept(spec.array("tolerations"), "key", KEPT_TOLERATIONS, true),
        spec.text("dnsPolicy"),
        hostPods(spec),
        copied(template.labels(), IDENTITY_LABEL),
        copied(template.annotations(), ROLE_ANNOTATION),
        logArguments,
        config);
  }

  /// The same with other settings.
  public PodTemplate with(AgentConfig other) {
    return new PodTemplate(
        image,
        pullPolicy,
        pullSecrets,
        serviceAccount,
        environment,
        environmentSources,
        tolerations,
        dnsPolicy,
        hostPods,
        inheritedLabels,
        inheritedAnnotations,
        logArguments,
        other);
  }

  private static Json.Arr kept(Json.Arr array, String field, Set<String> names, boolean keep) {
    List<Json> kept = new ArrayList<>();
    for (Json.Obj one : array.objects()) {
      if (names.contains(new KubeObject(one).text(field)) == keep) {
        kept.add(one);
      }
    }
    return new Json.Arr(kept);
  }

  private static String hostPods(KubeObject spec) {
    for (Json.Obj one : spec.array("volumes").objects()) {
      KubeObject volume = new KubeObject(one);
      if (volume.text("name").equals("host-pods")) {
        return volume.text("hostPath", "path");
      }
    }
    return DEFAULT_HOST_PODS;
  }

  private static Map<String, String> copied(Map<String, String> from, String key) {
    String value = from.get(key);
    return value == null ? Map.of() : Map.of(key, value);
  }
}
