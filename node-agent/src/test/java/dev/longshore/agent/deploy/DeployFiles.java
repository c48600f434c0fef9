package dev.longshore.agent.deploy;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files of `deploy`.
public final class DeployFiles {
  private static final Path FOLDER = folder();

  private DeployFiles() {}

  private static Path folder() {
    Path here = Path.of("deploy");
    return Files.isDirectory(here) ? here : Path.of("node-agent", "deploy");
  }

  static String text(String path) throws IOException {
    return Files.readString(FOLDER.resolve(path));
  }

  static KubeObject object(String path) throws IOException {
    return new KubeObject(Yaml.parseObject(text(path)));
  }

  public static List<KubeObject> objects(String path) throws IOException {
    return Yaml.parseAll(text(path)).stream()
        .map(document -> new KubeObject((Json.Obj) document))
        .toList();
  }

  /// The one object of a kind and name.
  static KubeObject find(List<KubeObject> objects, String kind, String name) {
    List<KubeObject> found =
        objects.stream().filter(one -> one.kind().equals(kind) && one.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new AssertionError("%d objects are %s %s".formatted(found.size(), kind, name));
    }
    return found.getFirst();
  }

  static List<String> templates() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("chart/longshore/templates"))) {
      return files.map(file -> "chart/longshore/templates/" + file.getFileName()).sorted().toList();
    }
  }
}
