package dev.longshore.mover.restore;

import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

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
    Path folder = volume.resolve(FOLDER);
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
              throws IOException {
            if (fault != null) {
              throw fault;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// Writes the marker.
  static void write(Path volume, String uid) throws IOException {
    Path folder = Files.createDirectory(volume.resolve(FOLDER));
    Files.createFile(folder.resolve(uid));
  }
}
