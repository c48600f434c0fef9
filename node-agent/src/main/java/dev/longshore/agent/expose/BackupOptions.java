package dev.longshore.agent.expose;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.mover.task.TaskOption;
import java.util.Map;
import java.util.TreeMap;

/// What movers of all kinds of backups are told.
final class BackupOptions {
  private static final int MOST_PARALLEL = 1024;

  private BackupOptions() {}

  static void add(MoverPod pod, AgentConfig.Own own, String sourcePath, Map<String, String> tags) {
    pod.option(TaskOption.SOURCE_PATH, sourcePath);
    new TreeMap<>(tags)
        .forEach((key, value) -> {
          if (!value.isEmpty()) {
            pod.option(TaskOption.TAG, key + "=" + value);
          }
        });
    pod.option(TaskOption.METADATA_FAILURES, own.metadataFailures());
    if (own.verifyPercent() > 0) {
      pod.option(TaskOption.VERIFY_PERCENT, Integer.toString(own.verifyPercent()));
    }
  }

  /// Files at once as the backup or restore asks for it; 0 where it does not, or not in digits.
  static String parallel(Transfer transfer, String key) {
    try {
      int files = Integer.parseInt(transfer.moverConfig().getOrDefault(key, "0"));
      return Integer.toString(Math.clamp(files, 0, MOST_PARALLEL));
    } catch (NumberFormatException e) {
      return "0";
    }
  }
}
