package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Kinds;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import java.util.List;

/// The part of Velero's server that prepares BackupRepositories. An installation that leaves them
/// to somebody else goes without it.
public final class Repositories extends StandIn {
  private final VeleroSettings velero;

  public Repositories(Site site, VeleroSettings velero) {
    super(site);
    this.velero = velero;
  }

  @Override
  protected void work() throws KubeException {
    each(Kinds.BACKUP_REPOSITORIES, this::sync);
  }

  private void sync(KubeObject repository) throws KubeException {
    boolean isNew = List.of("", "New").contains(repository.text("status", "phase"));
    if (!isNew || !isDone(Delays.Of.VELERO, repository)) {
      return;
    }
    boolean isKnown =
        find(
                Kinds.STORAGE_LOCATIONS,
                velero.namespace(),
                repository.text("spec", "backupStorageLocation"))
            .isPresent();
    KubeObject prepared =
        repository
            .with("1h0m0s", "spec", "maintenanceFrequency")
            .with(isKnown ? "Ready" : "NotReady", "status", "phase")
            .with(clock.instant(), "status", "lastMaintenanceTime");
    api.replace(
        Kinds.BACKUP_REPOSITORIES,
        isKnown
            ? prepared
            : prepared.with("error to get the storage location", "status", "message"));
  }

  /// Looks for a namespace's repository, as the server does before it asks for pod volumes, and
  /// makes its object if there is none.
  static boolean isReady(KubeApi api, VeleroSettings velero, String namespace)
      throws KubeException {
    String labels =
        "velero.io/volume-namespace=%s,velero.io/storage-location=%s,velero.io/repository-type=kopia"
            .formatted(Labels.shortened(namespace), Labels.shortened(velero.location()));
    List<KubeObject> found =
        api.list(Kinds.BACKUP_REPOSITORIES, velero.namespace(), ListOptions.withLabels(labels))
            .items();
    if (found.isEmpty()) {
      api.create(Kinds.BACKUP_REPOSITORIES, repository(velero, namespace));
      return false;
    }
    return found.getFirst().text("status", "phase").equals("Ready");
  }

  private static KubeObject repository(VeleroSettings velero, String namespace) {
    return KubeObject.of(
            Kinds.BACKUP_REPOSITORIES,
            velero.namespace(),
            namespace + "-" + velero.location() + "-kopia")
        .withLabel("velero.io/volume-namespace", Labels.shortened(namespace))
        .withLabel("velero.io/storage-location", Labels.shortened(velero.location()))
        .withLabel("velero.io/repository-type", "kopia")
        .with(namespace, "spec", "volumeNamespace")
        .with(velero.location(), "spec", "backupStorageLocation")
        .with("kopia", "spec", "repositoryType")
        .with("", "spec", "resticIdentifier")
        .with("0s", "spec", "maintenanceFrequency");
  }
}
