package dev.longshore.agent.world.node;

import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a program finds in its container.
///
/// @param container its spec
/// @param env the environment, with what comes from secrets, maps and fields
/// @param mounts where paths of the container are on this machine; block devices, too
/// @param api the API as the pod's service account sees it
/// @param clock the world's time
public record PodRun(
    KubeObject pod,
    Json.Obj container,
    Map<String, String> env,
    Map<String, Path> mounts,
    KubeApi api,
    FakeClock clock) {
  public PodRun {
    env = Map.copyOf(env);
    mounts = Map.copyOf(mounts);
  }

  /// `command` and `args`, as the pod has them.
  public List<String> commandLine() {
    KubeObject spec = new KubeObject(container);
    List<String> all = new ArrayList<>(spec.array("command").strings());
    all.addAll(spec.array("args").strings());
    return all;
  }

  /// The command line with the paths of this machine in place of the container's.
  public List<String> localCommandLine() {
    return commandLine().stream().map(this::localArgument).toList();
  }

  private String localArgument(String argument) {
    int equals = argument.indexOf('=');
    String path = argument.substring(equals + 1);
    return path.startsWith("/") ? argument.substring(0, equals + 1) + resolve(path) : argument;
  }

  /// Where a path of the container is on this machine; the path itself if nothing is mounted there.
  public Path resolve(String path) {
    String best = "";
    for (String mount : mounts.keySet()) {
      boolean isBelow = path.equals(mount) || path.startsWith(mount + "/");
      if (isBelow && mount.length() > best.length()) {
        best = mount;
      }
    }
    Path target = mounts.get(best);
    return target == null
        ? Path.of(path)
        : path.length() == best.length()
            ? target
            : target.resolve(path.substring(best.length() + 1));
  }
}
