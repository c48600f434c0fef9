package dev.longshore.mover.restore;

import dev.longshore.mover.run.Folders;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file `.velero/UID` in the root of a restored volume, which Velero's init container waits for
/// before it lets the pod's containers start.
final class CompletionMarker {
  private static final String FOLDER = ".velero";

  private CompletionMarker() {}

  /// @throws MoverFailure if the name is not one that a file can have
  static void check(String uid) throws MoverFailure {
    if (uid.contains("/") || uid.startsWith(".")) {
      throw new MoverFailure(
          Reasons.BAD_OPTIONS, "the completion marker is the UID of a restore, not " + uid, false);
    }
  }

  /// Removes the folder of an earlier restore, which a snapshot may have brought back.
  static void remove(Path volume) throws IOException {
    Folders.delete(volume.resolve(FOLDER));
  }

  /// Writes the marker.
  static void write(Path volume, String uid) throws IOException {
    Path folder = Files.createDirectory(volume.resolve(FOLDER));
    Files.createFile(folder.resolve(uid));
  }
}
