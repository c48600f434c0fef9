package dev.longshore.agent.config;

import dev.longshore.kube.KubeObject;
import java.util.List;
import java.util.Set;

/// How volumes are moved as devices.
///
/// @param inBlocks volumes of mode Block become snapshots in blocks, and not a file in a tree;
///   Velero's own movers are what their names say
/// @param trackingAccount the service account that drivers' snapshot metadata services know; empty:
///   that of movers
/// @param retainedDrivers those that compute a delta only while the snapshot is there that it
///   begins with
/// @param verifyDeltaPercent share of the blocks that did not change, as it is said, that is read
public record BlockConfig(
    boolean inBlocks, String trackingAccount, Set<String> retainedDrivers, int verifyDeltaPercent) {
  private static final String FILE = "file";
  private static final int MOST_PERCENT = 100;

  public BlockConfig {
    retainedDrivers = Set.copyOf(retainedDrivers);
  }

  static BlockConfig read(KubeObject json, List<String> problems) {
    String layout = json.text("longshore", "blockVolumes");
    if (!Set.of("", "blocks", FILE).contains(layout)) {
      problems.add("longshore.blockVolumes: must be blocks or file, using blocks");
    }
    long percent = json.number("longshore", "verifyDeltaPercent");
    if (percent < 0 || percent > MOST_PERCENT) {
      problems.add("longshore.verifyDeltaPercent: must be from 0 to 100, using 0");
      percent = 0;
    }
    return new BlockConfig(
        !layout.equals(FILE),
        json.text("csiSnapshotMetadataServiceConfigs", "saName"),
        Set.copyOf(json.array("longshore", "retainBaseSnapshots").strings()),
        (int) percent);
  }
}
