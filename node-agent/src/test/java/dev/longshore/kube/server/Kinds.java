package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The kinds that a server knows. Safe for use by many threads.
final class Kinds {
  static final Resource DEFINITIONS =
      new Resource(
          "apiextensions.k8s.io",
          "v1",
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  private static final Set<Resource> WITH_STATUS =
      Set.of(
          Resource.PODS,
          Resource.CLAIMS,
          Resource.VOLUMES,
          Resource.JOBS,
          Resource.DAEMON_SETS,
          Resource.NODES,
          Resource.NAMESPACES,
          Resource.VOLUME_ATTACHMENTS,
          apps("deployments", "Deployment"));

  private static final Set<Resource> WITH_GENERATION =
      Set.of(Resource.PODS, Resource.JOBS, Resource.DAEMON_SETS, apps("deployments", "Deployment"));

  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

  Kinds() {
    for (Resource resource :
        List.of(
            Resource.NODES,
            Resource.NAMESPACES,
            Resource.PODS,
            Resource.EVENTS,
            Resource.CONFIG_MAPS,
            Resource.SECRETS,
            Resource.SERVICE_ACCOUNTS,
            Resource.CLAIMS,
            Resource.VOLUMES,
            Resource.DAEMON_SETS,
            Resource.JOBS,
            Resource.LEASES,
            Resource.STORAGE_CLASSES,
            Resource.VOLUME_ATTACHMENTS,
            Resource.PRIORITY_CLASSES,
            DEFINITIONS,
            apps("deployments", "Deployment"),
            new Resource("", "v1", "services", "Service", true),
            new Resource("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false),
            new Resource("storage.k8s.io", "v1", "csinodes", "CSINode", false))) {
      add(resource);
    }
  }

  private static Resource apps(String plural, String kind) {
    return new Resource("apps", "v1", plural, kind, true);
  }

  /// Adds a built-in kind.
  void add(Resource resource) {
    put(
        new Kind(
            resource,
            WITH_STATUS.contains(resource),
            WITH_GENERATION.contains(resource),
            false,
            null));
  }

  /// Adds the kind of a CustomResourceDefinition, in the version that is stored.
  void define(KubeObject definition) {
    for (Json.Obj text : definition.array("spec", "versions").objects()) {
      KubeObject version = new KubeObject(text);
      if (version.flag("storage")) {
        Resource resource =
            new Resource(
                definition.text("spec", "group"),
                version.text("name"),
                definition.text("spec", "names", "plural"),
                definition.text("spec", "names", "kind"),
                definition.text("spec", "scope").equals("Namespaced"));
        boolean status = version.at("subresources", "status") != null;
        put(
            new Kind(
                resource,
                status,
                true,
                true,
                Schema.of(version.object("schema", "openAPIV3Schema"))));
      }
    }
  }

  private void put(Kind kind) {
    kinds.put(kind.id(), kind);
  }

  Kind of(Resource resource) throws KubeException {
    Kind kind = kinds.get(resource.toString());
    if (kind == null || !kind.resource().equals(resource)) {
      throw Failures.noSuchAddress();
    }
    return kind;
  }

  /// The kind at an address; null if there is none.
  @Nullable Kind at(String group, String version, String plural) {
    Kind kind = kinds.get(group.isEmpty() ? plural : plural + "." + group);
    return kind != null && kind.resource().version().equals(version) ? kind : null;
  }

  /// The kind of an owner; null if there is none.
  @Nullable Kind named(String apiVersion, String kind) {
    return all().stream()
        .filter(one -> one.resource().kind().equals(kind))
        .filter(one -> one.resource().apiVersion().equals(apiVersion))
        .findFirst()
        .orElse(null);
  }

  List<Kind> all() {
    Map<String, Kind> sorted = new TreeMap<>(kinds);
    return List.copyOf(sorted.values());
  }
}
