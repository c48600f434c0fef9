package dev.longshore.agent.expose;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.mover.task.TaskOption;

/// What movers of all kinds of restores are told.
final class RestoreOptions {
  private RestoreOptions() {}

  static void add(MoverPod pod, Transfer transfer, AgentConfig.Own own) {
    pod.option(TaskOption.SNAPSHOT, transfer.object().text("spec", "snapshotID"));
    String sparse = transfer.moverConfig().getOrDefault("WriteSparseFiles", "false");
    pod.option(TaskOption.WRITE_SPARSE_FILES, Boolean.toString(sparse.equals("true")));
    pod.option(TaskOption.PARALLEL, BackupOptions.parallel(transfer, "ParallelFilesDownload"));
    pod.option(TaskOption.METADATA_FAILURES, own.metadataFailures());
    if (transfer.attempt() > 1) {
      pod.option(TaskOption.CONTINUE, "true");
    }
    if (own.deleteExtra()) {
      pod.option(TaskOption.DELETE_EXTRA, "true");
    }
  }
}
