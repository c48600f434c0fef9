package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.BlockConfig;
import dev.longshore.agent.config.LabelSelector;
import dev.longshore.cbt.MetadataException;
import dev.longshore.cbt.MetadataService;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.ChangeTracking;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Builds the pod that reads a snapshot's volume: as files, as a device that becomes a file, or as
/// a device in blocks.
final class UploadPod {
  private static final String POD_GROUP = "uploads";

  /// What Velero calls its movers in tags and paths.
  private static final String FILES = "kopia";

  private static final String BLOCKS = Velero.BLOCK_MOVER;

  private final KubeApi api;
  private final PodTemplate template;

  UploadPod(KubeApi api, PodTemplate template) {
    this.api = api;
    this.template = template;
  }

  /// Whether the volume is read as a device.
  static boolean isDevice(Transfer transfer, SnapshotOrigin origin) {
    return origin.block() || transfer.dataMover().equals(Velero.BLOCK_MOVER);
  }

  /// Whether the snapshot is one in blocks. What Velero's mover of files is asked for must be what
  /// that mover restores.
  static boolean isInBlocks(Transfer transfer, SnapshotOrigin origin, BlockConfig config) {
    if (transfer.dataMover().equals(Velero.BLOCK_MOVER)) {
      return true;
    }
    return origin.block()
        && config.inBlocks()
        && !Velero.FILE_MOVERS.contains(transfer.dataMover());
  }

  /// @param storageClass of the volume that is read
  KubeObject build(
      Transfer transfer,
      SnapshotOrigin origin,
      AgentConfig.BackupClaim settings,
      String storageClass,
      Repository repository)
      throws KubeException {
    AgentConfig config = template.config();
    boolean inBlocks = isInBlocks(transfer, origin, config.blocks());
    String uploader = inBlocks ? BLOCKS : FILES;
    MoverPod pod =
        new MoverPod(template, TaskKind.BACKUP)
            .worksFor(transfer)
            .repository(repository)
            .volume(Names.object(transfer.name()), isDevice(transfer, origin), settings.readOnly())
            .inTopology(origin.topology())
            .onNodes(
                config.affinity(storageClass).map(LabelSelector::nodeExpressions).orElse(List.of()))
            .group(POD_GROUP);
    String path =
        SnapshotExposer.REQUESTER
            + "/"
            + uploader
            + "/"
            + transfer.object().text("spec", "sourceNamespace")
            + "/"
            + transfer.object().text("spec", "sourcePVC");
    BackupOptions.add(
        pod,
        config.own(),
        path,
        Map.of(
            "snapshot-requester",
            SnapshotExposer.REQUESTER,
            "snapshot-uploader",
            uploader,
            Velero.OPERATION_ID_LABEL,
            transfer.object().label(Velero.OPERATION_ID_LABEL)));
    String parent = transfer.object().text("spec", "parentSnapshot");
    pod.option(TaskOption.PARENT, parent.isEmpty() ? "auto" : parent);
    pod.option(TaskOption.PARALLEL, BackupOptions.parallel(transfer, "ParallelFilesUpload"));
    if (inBlocks) {
      track(pod, transfer, origin);
    }
    if (settings.noRelabeling()) {
      pod.withoutRelabeling();
    }
    return pod.build(
        transfer.kind().resource(),
        transfer.object(),
        Names.pod(transfer.name(), transfer.attempt()));
  }

  private void track(MoverPod pod, Transfer transfer, SnapshotOrigin origin) throws KubeException {
    BlockConfig config = template.config().blocks();
    pod.option(TaskOption.LAYOUT, "blocks")
        .option(TaskOption.VOLUME_ID, origin.volumeId())
        .option(TaskOption.CHANGE_ID, origin.changeId());
    if (config.verifyDeltaPercent() > 0) {
      pod.option(TaskOption.VERIFY_DELTA, Integer.toString(config.verifyDeltaPercent()));
    }
    pod.variable(ChangeTracking.VARIABLE, tracking(transfer, origin).toJson());
  }

  private ChangeTracking tracking(Transfer transfer, SnapshotOrigin origin) throws KubeException {
    if (!origin.changeId().equals(origin.handle())) {
      return ChangeTracking.absent("vSphere has no public API for lists of changed blocks");
    }
    Optional<MetadataService> service;
    try {
      service = MetadataService.find(api, origin.driver());
    } catch (MetadataException e) {
      return ChangeTracking.absent(String.valueOf(e.getMessage()));
    } catch (KubeException e) {
      if (e.isForbidden()) {
        return ChangeTracking.absent("the agent may not read SnapshotMetadataServices");
      }
      throw e;
    }
    if (service.isEmpty()) {
      return ChangeTracking.absent("driver " + origin.driver() + " has no SnapshotMetadataService");
    }
    String account = template.config().blocks().trackingAccount();
    return new ChangeTracking(
        transfer.namespace(),
        Names.object(transfer.name()),
        account.isEmpty() ? template.serviceAccount() : account,
        service,
        "");
  }
}
