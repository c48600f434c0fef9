package dev.longshore.agent.repository;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.expose.ExposeException;
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

  /// What a transfer finds.
  public sealed interface Found {
    /// It can be used.
    record Ready(Repository repository) implements Found {}

    /// Something must happen first.
    ///
    /// @param reason what, in words
    record Awaited(String reason) implements Found {}
  }

  /// Finds the repository that a transfer needs, and asks for it where there is none.
  ///
  /// @throws ExposeException if it can never be had
  public Found of(Transfer transfer) throws KubeException, ExposeException {
    String name = transfer.storageLocation();
    Optional<KubeObject> found = api.lookUp(Velero.STORAGE_LOCATIONS, transfer.namespace(), name);
    if (found.isEmpty()) {
      throw new ExposeException("no backup storage location " + name);
    }
    KubeObject location = found.get();
    if (location.text("status", "phase").equals("Unavailable")) {
      return new Found.Awaited(
          "backup storage location %s to be available: %s"
              .formatted(name, location.text("status", "message")));
    }
    if (transfer.kind().isBackup() && location.text("spec", "accessMode").equals("ReadOnly")) {
      throw new ExposeException("backup storage location %s is read-only".formatted(name));
    }
    return of(location, transfer.repositoryNamespace());
  }

  /// Finds the repository of a namespace in a location, and asks for it where there is none.
  Found of(KubeObject location, String namespace) throws KubeException {
    String selector =
        "%s=%s,%s=%s,%s=%s"
            .formatted(
                Velero.VOLUME_NAMESPACE_LABEL,
                Names.label(namespace),
                Velero.STORAGE_LOCATION_LABEL,
                Names.label(location.name()),
                Velero.REPOSITORY_TYPE_LABEL,
                KOPIA);
    List<KubeObject> found =
        api.list(Velero.BACKUP_REPOSITORIES, location.namespace(), ListOptions.withLabels(selector))
            .items();
    if (found.isEmpty()) {
      create(location, namespace);
      return new Found.Awaited("the repository of namespace " + namespace);
    }
    if (found.size() > 1) {
      return new Found.Awaited(
          "one repository of namespace %s: there are %d resources for it"
              .formatted(namespace, found.size()));
    }
    KubeObject repository = found.getFirst();
    if (repository.text("status", "phase").equals("Ready")) {
      return new Found.Ready(new Repository(namespace, location, repository));
    }
    String message = repository.text("status", "message");
    return new Found.Awaited(
        "repository %s to be ready%s"
            .formatted(repository.name(), message.isEmpty() ? "" : ": " + message));
  }

  private void create(KubeObject location, String namespace) throws KubeException {
    KubeObject repository =
        KubeObject.of(
                Velero.BACKUP_REPOSITORIES,
                location.namespace(),
                "%s-%s-%s".formatted(namespace, location.name(), KOPIA))
            .withLabel(Velero.VOLUME_NAMESPACE_LABEL, Names.label(namespace))
            .withLabel(Velero.STORAGE_LOCATION_LABEL, Names.label(location.name()))
            .withLabel(Velero.REPOSITORY_TYPE_LABEL, KOPIA)
            .with(
                Json.Obj.EMPTY
                    .with("volumeNamespace", namespace)
                    .with("backupStorageLocation", location.name())
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
}
