package dev.longshore.agent.world.mover;

import dev.longshore.agent.world.storage.Disks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Finds a pod's volume in the folders of a kubelet.
final class PodVolumeFolder {
  private PodVolumeFolder() {}

  /// The folder of a volume.
  ///
  /// @param folder of a pod's volumes: `…/volumes` or `…/volumes/PLUGIN` or the pod's own
  /// @param name of the folder: a PV's, or that of a volume in the pod; perhaps with `/mount`
  static Path find(Path folder, String name, Disks disks) {
    String first = name.endsWith("/mount") ? name.substring(0, name.length() - 6) : name;
    for (Disks.Disk disk : disks.disks().values()) {
      if (disk.name().equals(first)) {
        return disk.path();
      }
    }
    for (Path base : List.of(folder, folder.resolve("volumes"))) {
      try (Stream<Path> plugins = Files.isDirectory(base) ? Files.list(base) : Stream.empty()) {
        List<Path> found =
            plugins.map(plugin -> plugin.resolve(name)).filter(Files::isDirectory).toList();
        if (!found.isEmpty()) {
          return found.getFirst();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folder.resolve("kubernetes.io~empty-dir").resolve(name);
  }
}
