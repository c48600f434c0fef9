package dev.longshore.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final String AGENT = "longshore-node-agent";
  private static final String MOVER = "longshore-mover";
  private static final Map<String, List<String>> RULES =
      Map.of(
          "agent-role.yaml", List.of("Role", AGENT),
          "agent-cluster-role.yaml", List.of("ClusterRole", AGENT),
          "mover-role.yaml", List.of("Role", MOVER));

  @ParameterizedTest
  @ValueSource(strings = {"beside", "replace"})
  void grantsWhatTheChartGrants(String mode) throws IOException {
    List<KubeObject> objects = DeployFiles.objects("manifests/%s.yaml".formatted(mode));
    for (Map.Entry<String, List<String>> one : RULES.entrySet()) {
      KubeObject role =
          DeployFiles.find(objects, one.getValue().getFirst(), one.getValue().getLast());
      assertEquals(
          DeployFiles.object("chart/longshore/files/" + one.getKey()).array("rules"),
          role.array("rules"),
          one.getKey());
      assertTrue(
          DeployFiles.text("chart/longshore/templates/rbac.yaml")
              .contains(".Files.Get \"files/" + one.getKey()),
          one.getKey());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent-role.yaml", "agent-cluster-role.yaml", "mover-role.yaml"})
  void grantsNoSecretsAndNothingAtLarge(String file) throws IOException {
    for (Json.Obj one :
        DeployFiles.object("chart/longshore/files/" + file).array("rules").objects()) {
      KubeObject rule = new KubeObject(one);
      assertFalse(rule.array("resources").strings().contains("secrets"), file);
      for (String field : List.of("apiGroups", "resources", "verbs")) {
        assertFalse(rule.array(field).strings().isEmpty(), field);
        assertFalse(rule.array(field).strings().contains("*"), field);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"beside", "replace"})
  void bindsEachRoleToItsAccount(String mode) throws IOException {
    List<KubeObject> objects = DeployFiles.objects("manifests/%s.yaml".formatted(mode));
    for (List<String> role : RULES.values()) {
      String name = role.getLast();
      DeployFiles.find(objects, "ServiceAccount", name);
      KubeObject binding = DeployFiles.find(objects, role.getFirst() + "Binding", name);
      assertEquals(role.getFirst(), binding.text("roleRef", "kind"));
      assertEquals(name, binding.text("roleRef", "name"));
      KubeObject subject = new KubeObject(binding.array("subjects").objects().getFirst());
      assertEquals(name, subject.text("name"));
      assertEquals("velero", subject.text("namespace"));
      assertEquals(1, binding.array("subjects").elements().size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"beside", "replace"})
  void moversHaveTokensOfNobodyElse(String mode) throws IOException {
    List<KubeObject> objects = DeployFiles.objects("manifests/%s.yaml".formatted(mode));
    KubeObject role = DeployFiles.find(objects, "Role", MOVER + "-tokens");
    KubeObject rule = new KubeObject(role.array("rules").objects().getFirst());
    assertEquals(1, role.array("rules").elements().size());
    assertEquals(List.of("serviceaccounts/token"), rule.array("resources").strings());
    assertEquals(List.of(MOVER), rule.array("resourceNames").strings());
    assertEquals(List.of("create"), rule.array("verbs").strings());
    KubeObject binding = DeployFiles.find(objects, "RoleBinding", MOVER + "-tokens");
    KubeObject subject = new KubeObject(binding.array("subjects").objects().getFirst());
    assertEquals(MOVER, subject.text("name"));
    assertTrue(
        DeployFiles.text("chart/longshore/templates/rbac.yaml")
            .contains("resources: [serviceaccounts/token]\n    resourceNames: [{{ dig"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"beside", "replace"})
  void agentHasNoRightsOnItsNode(String mode) throws IOException {
    KubeObject pod = pod(mode);
    for (Json.Obj volume : pod.array("volumes").objects()) {
      assertEquals(Set.of("name", "emptyDir"), volume.fields().keySet());
    }
    assertTrue(pod.flag("securityContext", "runAsNonRoot"));
    for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
      assertFalse(pod.flag(field), field);
    }
    KubeObject security = new KubeObject(container(mode).object("securityContext"));
    assertTrue(security.flag("readOnlyRootFilesystem"));
    assertFalse(security.flag("privileged"));
    assertNotNull(security.at("allowPrivilegeEscalation"));
    assertFalse(security.flag("allowPrivilegeEscalation"));
    assertEquals(List.of("ALL"), security.array("capabilities", "drop").strings());
  }

  @ParameterizedTest
  @CsvSource({"beside, longshore-node-agent", "replace, node-agent"})
  void tellsTheAgentWhoItIs(String mode, String daemonSet) throws IOException {
    KubeObject set = daemonSet(mode);
    List<String> args = container(mode).array("args").strings();
    assertEquals(daemonSet, set.name());
    assertTrue(args.contains("--mode=" + mode));
    assertTrue(args.contains("--daemonset=" + daemonSet));
    assertTrue(args.contains("--mover-service-account=" + MOVER));
    assertEquals(AGENT, pod(mode).text("serviceAccountName"));
    Map<String, String> labels = new KubeObject(set.object("spec", "template")).labels();
    set.object("spec", "selector", "matchLabels")
        .strings()
        .forEach((key, value) -> assertEquals(value, labels.get(key), key));
    assertEquals(mode.equals("replace") ? "node-agent" : null, labels.get("name"));
    assertEquals(mode.equals("replace") ? "node-agent" : null, labels.get("role"));
  }

  @Test
  void probesAndMetricsGoWhereTheAgentListens() throws IOException {
    KubeObject container = container("beside");
    assertTrue(container.array("args").strings().contains("--metrics-address=:8085"));
    KubeObject port = new KubeObject(container.array("ports").objects().getFirst());
    assertEquals(8085, port.number("containerPort"));
    for (String probe : List.of("livenessProbe", "readinessProbe")) {
      assertEquals(port.text("name"), container.text(probe, "httpGet", "port"));
    }
    assertEquals("/livez", container.text("livenessProbe", "httpGet", "path"));
    assertEquals("/readyz", container.text("readinessProbe", "httpGet", "path"));
  }

  @Test
  void networkPolicySelectsMoversByTheirLabel() throws IOException {
    assertTrue(
        DeployFiles.text("chart/longshore/templates/networkpolicies.yaml")
            .contains("key: longshore.dev/task"));
  }

  @Test
  void templatesReadNoValueThatIsNotThere() throws IOException {
    KubeObject values = DeployFiles.object("chart/longshore/values.yaml");
    Pattern read = Pattern.compile("\\.Values((?:\\.[A-Za-z]+)+)");
    Set<String> paths = new TreeSet<>();
    for (String template : DeployFiles.templates()) {
      Matcher matcher = read.matcher(DeployFiles.text(template));
      while (matcher.find()) {
        paths.add(matcher.group(1).substring(1));
      }
    }
    for (String path : paths) {
      assertNotNull(values.at(path.split("\\.", -1)), path);
    }
    for (String key : values.json().fields().keySet()) {
      assertTrue(paths.stream().anyMatch(path -> (path + ".").startsWith(key + ".")), key);
    }
  }

  private static KubeObject daemonSet(String mode) throws IOException {
    List<KubeObject> sets =
        DeployFiles.objects("manifests/%s.yaml".formatted(mode)).stream()
            .filter(one -> one.kind().equals("DaemonSet"))
            .toList();
    assertEquals(1, sets.size());
    return sets.getFirst();
  }

  private static KubeObject pod(String mode) throws IOException {
    return new KubeObject(daemonSet(mode).object("spec", "template", "spec"));
  }

  private static KubeObject container(String mode) throws IOException {
    List<Json.Obj> containers = pod(mode).array("containers").objects();
    assertEquals(1, containers.size());
    KubeObject container = new KubeObject(containers.getFirst());
    assertEquals("node-agent", container.text("name"));
    assertEquals(List.of("/opt/longshore/bin/node-agent"), container.array("command").strings());
    return container;
  }
}
