package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import java.util.List;
import java.util.Optional;

/// The repository resources, one for each namespace and storage location: transfers wait until
/// theirs is ready. Who makes the repository is not asked here.
public final class Repositories {
  private static final String KOPIA = "kopia";

  private final KubeApi api;

  public Repositories(KubeApi api) {
    this.api = api;
  }

  /// Finds the resource of a namespace's repository, and makes it where there is none.
  ///
  /// @return what is waited for; empty when the repository is ready
  public Optional<String> ensure(String veleroNamespace, String namespace, String location)
      throws KubeException {
    String selector =
        "%s=%s,%s=%s,%s=%s"
            .formatted(
                Velero.VOLUME_NAMESPACE_LABEL,
                Names.label(namespace),
                Velero.STORAGE_LOCATION_LABEL,
                Names.label(location),
                Velero.REPOSITORY_TYPE_LABEL,
                KOPIA);
    List<KubeObject> found =
        api.list(Velero.BACKUP_REPOSITORIES, veleroNamespace, ListOptions.withLabels(selector))
            .items();
    if (found.isEmpty()) {
      create(veleroNamespace, namespace, location);
      return Optional.of("the repository of namespace " + namespace);
    }
    if (found.size() > 1) {
      return Optional.of(
          "one repository of namespace %s: there are %d resources for it"
              .formatted(namespace, found.size()));
    }
    KubeObject repository = found.getFirst();
    if (repository.text("status", "phase").equals("Ready")) {
      return Optional.empty();
    }
    String message = repository.text("status", "message");
    return Optional.of(
        "repository %s to be ready%s"
            .formatted(repository.name(), message.isEmpty() ? "" : ": " + message));
  }

  private void create(String veleroNamespace, String namespace, String location)
      throws KubeException {
    KubeObject repository =
        KubeObject.of(
                Velero.BACKUP_REPOSITORIES,
                veleroNamespace,
                "%s-%s-%s".formatted(namespace, location, KOPIA))
            .withLabel(Velero.VOLUME_NAMESPACE_LABEL, Names.label(namespace))
            .withLabel(Velero.STORAGE_LOCATION_LABEL, Names.label(location))
            .withLabel(Velero.REPOSITORY_TYPE_LABEL, KOPIA)
            .with(
                Json.Obj.EMPTY
                    .with("volumeNamespace", namespace)
                    .with("backupStorageLocation", location)
                    .with("repositoryType", KOPIA)
                    .with("resticIdentifier", "")
                    // Whoever prepares it fills in the default.
                    .with("maintenanceFrequency", "0s"),
                "spec");
    try {
      api.create(Velero.BACKUP_REPOSITORIES, repository);
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  /// The resource that says where a location is, if there is one.
  Optional<KubeObject> location(String veleroNamespace, String name) throws KubeException {
    try {
      return Optional.of(api.get(Velero.STORAGE_LOCATIONS, veleroNamespace, name));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
