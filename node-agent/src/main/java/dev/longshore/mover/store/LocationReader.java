package dev.longshore.mover.store;

import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.task.StorageLocation;
import java.nio.file.Path;
import java.util.Map;

/// Where the repository of a namespace is in a storage location: `PREFIX/kopia/NAMESPACE/`.
final class LocationReader {
  private static final String VELERO = "velero.io/";

  private LocationReader() {}

  /// What is known of a location besides itself.
  ///
  /// @param namespace whose repository it is
  /// @param credentials text of the credentials file; empty if there is none
  /// @param caPem certificates to trust; empty for the system's
  /// @param environment of the process
  record Access(
      String namespace, String credentials, String caPem, Map<String, String> environment) {
    @Override
    public String toString() {
      return "Access[" + namespace + "]";
    }
  }

  /// The settings of the store.
  ///
  /// @throws MoverFailure [Reasons#BAD_LOCATION]
  static StoreSettings settings(StorageLocation location, Access access) throws MoverFailure {
    String namespace = access.namespace;
    if (namespace.isEmpty() || namespace.contains("/") || namespace.startsWith(".")) {
      throw bad("the repository's namespace is none: " + namespace);
    }
    return switch (backend(location)) {
      case "aws" -> S3Settings.of(location, access);
      case "azure" -> AzureSettings.of(location, access);
      case "fs" -> filesystem(location, access);
      default ->
          throw bad(
              "the storage location "
                  + location.name()
                  + " is in Google Cloud Storage, which is not supported yet; as a location of the"
                  + " provider aws with the s3Url https://storage.googleapis.com and HMAC keys it"
                  + " is");
    };
  }

  private static String backend(StorageLocation location) throws MoverFailure {
    String provider = location.provider();
    String name = provider.startsWith(VELERO) ? provider.substring(VELERO.length()) : provider;
    return switch (name) {
      case "aws", "azure", "gcp", "fs" -> name;
      default -> {
        if (location.config().getOrDefault("s3Url", "").isEmpty()) {
          throw bad(
              "the provider %s of the storage location %s is not supported: it is none of aws, azure and fs, and has no s3Url"
                  .formatted(provider, location.name()));
        }
        yield "aws";
      }
    };
  }

  private static StoreSettings filesystem(StorageLocation location, Access access)
      throws MoverFailure {
    String root = location.config().getOrDefault("fspath", "");
    if (!root.startsWith("/")) {
      throw bad("the storage location " + location.name() + " needs an absolute path as fspath");
    }
    Path path = Path.of(root).resolve(prefix(location, access));
    return new StoreSettings("filesystem", FilesystemOptions.of(path.toString()).toJson());
  }

  /// What the names of the repository's blobs begin with; ends in a slash.
  static String prefix(StorageLocation location, Access access) {
    String own = trimmed(location.prefix());
    return (own.isEmpty() ? "" : own + "/") + "kopia/" + access.namespace + "/";
  }

  /// Without slashes around it.
  static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) == '/') {
      from++;
    }
    while (to > from && text.charAt(to - 1) == '/') {
      to--;
    }
    return text.substring(from, to);
  }

  static MoverFailure bad(String message) {
    return new MoverFailure(Reasons.BAD_LOCATION, message, false);
  }
}
