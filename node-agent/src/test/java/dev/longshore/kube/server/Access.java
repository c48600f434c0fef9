package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Role based permissions. Who has no role may do nothing; the administrator has all. Safe for use
/// by many threads.
public final class Access {
  private final Map<String, KubeObject> roles = new LinkedHashMap<>();
  private final Map<String, KubeObject> bindings = new LinkedHashMap<>();
  private final Set<String> used = new TreeSet<>();

  /// Takes a Role, ClusterRole, RoleBinding or ClusterRoleBinding, in place of the one of the same
  /// name; other kinds are passed over, so that whole manifests can be given.
  public synchronized void apply(KubeObject object) {
    switch (object.kind()) {
      case "Role", "ClusterRole" -> roles.put(key(object), object);
      case "RoleBinding", "ClusterRoleBinding" -> bindings.put(key(object), object);
      default -> {}
    }
  }

  /// Forgets all.
  public synchronized void clear() {
    roles.clear();
    bindings.clear();
    used.clear();
  }

  /// Lets a user do what rules say, without manifests.
  ///
  /// @param namespace empty for all and for what has none
  /// @param rules as in a Role: `apiGroups`, `resources`, `verbs`, perhaps `resourceNames`
  public void grant(String user, String namespace, List<Json.Obj> rules) {
    String name = "grant:" + user + ":" + namespace;
    Json.Obj metadata = Json.Obj.of("name", new Json.Str(name)).with("namespace", namespace);
    apply(
        new KubeObject(
            Json.Obj.EMPTY
                .with("kind", "ClusterRole")
                .with("metadata", metadata.without("namespace"))
                .with("rules", new Json.Arr(List.copyOf(rules)))));
    apply(
        new KubeObject(
            Json.Obj.EMPTY
                .with("kind", namespace.isEmpty() ? "ClusterRoleBinding" : "RoleBinding")
                .with("metadata", metadata)
                .with(
                    "subjects", Json.Arr.of(Json.Obj.EMPTY.with("kind", "User").with("name", user)))
                .with("roleRef", Json.Obj.EMPTY.with("kind", "ClusterRole").with("name", name))));
  }

  private static String key(KubeObject object) {
    return object.kind() + "/" + object.namespace() + "/" + object.name();
  }

  synchronized void check(Request request, String fieldSelector) throws KubeException {
    if (request.user().isEmpty()) {
      return;
    }
    boolean allowed = false;
    for (KubeObject binding : bindings.values()) {
      boolean everywhere = binding.kind().equals("ClusterRoleBinding");
      if ((everywhere || binding.namespace().equals(request.namespace()))
          && (everywhere || !request.namespace().isEmpty())
          && isFor(binding, request)) {
        allowed |= allows(binding, request, fieldSelector);
      }
    }
    if (!allowed) {
      throw Failures.forbidden(request);
    }
  }

  private static boolean isFor(KubeObject binding, Request request) {
    for (Json.Obj subject : binding.array("subjects").objects()) {
      KubeObject fields = new KubeObject(subject);
      boolean matches =
          switch (fields.kind()) {
            case "User" -> fields.text("name").equals(request.user());
            case "Group" -> request.groups().contains(fields.text("name"));
            case "ServiceAccount" ->
                request
                    .user()
                    .equals(
                        ApiServer.serviceAccount(fields.text("namespace"), fields.text("name")));
            default -> false;
          };
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private boolean allows(KubeObject binding, Request request, String fieldSelector) {
    String kind = binding.text("roleRef", "kind");
    String namespace = kind.equals("Role") ? binding.namespace() : "";
    String role = kind + "/" + namespace + "/" + binding.text("roleRef", "name");
    KubeObject found = roles.get(role);
    if (found == null) {
      return false;
    }
    boolean allowed = false;
    List<Json.Obj> rules = found.array("rules").objects();
    for (int i = 0; i < rules.size(); i++) {
      KubeObject rule = new KubeObject(rules.get(i));
      String resource = request.resource().plural();
      String full =
          request.subresource().isEmpty() ? resource : resource + "/" + request.subresource();
      String any = request.subresource().isEmpty() ? "*" : "*/" + request.subresource();
      if (has(rule, "apiGroups", request.resource().group(), "*")
          && (has(rule, "resources", full, "*") || has(rule, "resources", any, "*"))
          && has(rule, "verbs", request.verb().text(), "*")
          && named(rule, request, fieldSelector)) {
        used.add(use(role, i, request.resource().group(), full, request.verb().text()));
        allowed = true;
      }
    }
    return allowed;
  }

  private static boolean has(KubeObject rule, String field, String value, String all) {
    List<String> values = rule.array(field).strings();
    return values.contains(value) || values.contains(all);
  }

  private static boolean named(KubeObject rule, Request request, String fieldSelector) {
    List<String> names = rule.array("resourceNames").strings();
    String name =
        request.name().isEmpty() && fieldSelector.startsWith("metadata.name=")
            ? fieldSelector.substring("metadata.name=".length())
            : request.name();
    return names.isEmpty() || names.contains(name);
  }

  private static String use(String role, int rule, String group, String resource, String verb) {
    return "%s[%d] %s %s"
        .formatted(role, rule, verb, group.isEmpty() ? resource : resource + "." + group);
  }

  /// What the rules permit and nobody has needed so far: one line per role, rule, verb and
  /// resource.
  public synchronized List<String> unused() {
    Set<String> all = new LinkedHashSet<>();
    roles.forEach((key, role) -> {
      List<Json.Obj> rules = role.array("rules").objects();
      for (int i = 0; i < rules.size(); i++) {
        KubeObject rule = new KubeObject(rules.get(i));
        for (String group : rule.array("apiGroups").strings()) {
          for (String resource : rule.array("resources").strings()) {
            for (String verb : rule.array("verbs").strings()) {
              all.add(use(key, i, group, resource, verb));
            }
          }
        }
      }
    });
    all.removeAll(used);
    return new ArrayList<>(all);
  }
}
