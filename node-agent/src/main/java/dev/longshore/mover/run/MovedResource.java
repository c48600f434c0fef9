package dev.longshore.mover.run;

import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskOption;
import java.util.Locale;
import java.util.Optional;

/// The resource that a mover works for.
///
/// @param uid empty if it does not matter
public record MovedResource(Resource resource, String namespace, String name, String uid) {
  private static final String GROUP = "velero.io";

  /// The resource that the options name; empty if they name none.
  public static Optional<MovedResource> of(MoverOptions options) throws MoverFailure {
    String plural = options.text(TaskOption.RESOURCE);
    if (plural.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new MovedResource(
            resource(plural),
            options.required(TaskOption.RESOURCE_NAMESPACE),
            options.required(TaskOption.RESOURCE_NAME),
            options.text(TaskOption.RESOURCE_UID)));
  }

  private static Resource resource(String plural) throws MoverFailure {
    return switch (plural) {
      case "datauploads" -> new Resource(GROUP, "v2alpha1", plural, "DataUpload", true);
      case "datadownloads" -> new Resource(GROUP, "v2alpha1", plural, "DataDownload", true);
      case "podvolumebackups" -> new Resource(GROUP, "v1", plural, "PodVolumeBackup", true);
      case "podvolumerestores" -> new Resource(GROUP, "v1", plural, "PodVolumeRestore", true);
      default ->
          throw new MoverFailure(
              Reasons.BAD_OPTIONS,
              TaskOption.RESOURCE
                  + " is datauploads, datadownloads, podvolumebackups or podvolumerestores",
              false);
    };
  }

  /// What Velero's log calls its controller.
  public String controller() {
    return resource.kind().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
