package dev.longshore.agent.world.velero;

import dev.longshore.agent.world.node.Exit;
import dev.longshore.agent.world.node.PodProgram;
import dev.longshore.agent.world.node.PodRun;
import dev.longshore.agent.world.node.RunningPod;
import dev.longshore.agent.world.storage.Disks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The program of the init container that waits until the volumes of its pod are restored: once a
/// second it looks for the file `.velero/UID` in each of them, and at last removes those folders.
public final class RestoreHelper implements PodProgram {
  private final Disks disks;

  public RestoreHelper(Disks disks) {
    this.disks = disks;
  }

  @Override
  public RunningPod start(PodRun run) {
    String uid = run.commandLine().getLast();
    List<Path> volumes =
        run.mounts().entrySet().stream()
            .filter(mount -> mount.getKey().startsWith("/restores/"))
            .map(mount -> mount.getValue())
            .toList();
    return new Waiting(volumes, uid);
  }

  private final class Waiting implements RunningPod {
    private final List<Path> volumes;
    private final String uid;
    private boolean terminated;

    Waiting(List<Path> volumes, String uid) {
      this.volumes = volumes;
      this.uid = uid;
    }

    @Override
    public Optional<Exit> poll() {
      if (terminated) {
        return Optional.of(new Exit(143, ""));
      }
      for (Path volume : volumes) {
        Path marker = volume.resolve(".velero").resolve(uid);
        if (!Files.exists(marker) && disks.content(marker).isEmpty()) {
          return Optional.empty();
        }
      }
      volumes.forEach(volume -> remove(volume.resolve(".velero")));
      return Optional.of(new Exit(0, ""));
    }

    private void remove(Path folder) {
      disks.fill(folder.resolve(uid), "");
      if (!Files.exists(folder)) {
        return;
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void terminate() {
      terminated = true;
    }

    @Override
    public void kill() {}
  }
}
