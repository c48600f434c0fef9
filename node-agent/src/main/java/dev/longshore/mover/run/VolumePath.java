package dev.longshore.mover.run;

import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds the volume. That of a pod is in one of the folders, one for each kind of volume, below the
/// path that is given; a CSI driver's has another folder `mount` in it.
public final class VolumePath {
  private static final String CSI = "kubernetes.io~csi";
  private static final String CSI_MOUNT = "mount";

  private VolumePath() {}

  /// The directory or device that the options name.
  ///
  /// @throws MoverFailure if there is none, or more than one
  public static Path of(MoverOptions options) throws MoverFailure {
    Path path = Path.of(options.required(TaskOption.VOLUME_PATH)).toAbsolutePath().normalize();
    String directory = options.text(TaskOption.VOLUME_DIRECTORY);
    Path volume = directory.isEmpty() ? path : ofPod(path, directory, options.isBlock());
    if (!Files.exists(volume)) {
      throw missing("there is no volume at " + volume);
    }
    return volume;
  }

  private static Path ofPod(Path path, String directory, boolean block) throws MoverFailure {
    if (directory.contains("/") || directory.equals(".") || directory.equals("..")) {
      throw new MoverFailure(
          Reasons.BAD_OPTIONS, TaskOption.VOLUME_DIRECTORY + " is the name of a directory", false);
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> kinds = Files.newDirectoryStream(path)) {
      for (Path kind : kinds) {
        Path volume = kind.resolve(directory);
        if (Files.exists(volume, LinkOption.NOFOLLOW_LINKS)) {
          boolean csi = !block && kind.endsWith(CSI);
          found.add(csi ? volume.resolve(CSI_MOUNT) : volume);
        }
      }
    } catch (IOException e) {
      throw missing("the volumes of the pod cannot be listed: " + Reasons.message(e));
    }
    if (found.size() != 1) {
      throw missing(
          "expected one volume %s below %s, found %d".formatted(directory, path, found.size()));
    }
    return found.getFirst();
  }

  private static MoverFailure missing(String message) {
    return new MoverFailure(Reasons.VOLUME_MISSING, message, true);
  }
}
