package dev.longshore.engine.repository;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.DefaultPolicy;
import dev.longshore.engine.policy.Policies;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.snapshot.SourceInfo;

/// What the command line's `repository create` writes into a repository it has made: the global
/// policy and the maintenance parameters. Velero's repositories have only the latter.
///
/// Source: kopia 4ebb2be6c `cli/command_repository_create.go`.
public final class RepositoryDefaults {
  private static final WriteOptions OPTIONS = WriteOptions.forPurpose("populate repository");

  private RepositoryDefaults() {}

  /// Writes the default global policy.
  public static void writeGlobalPolicy(Repository repository) throws RepositoryException {
    ManifestId _ =
        repository.write(
            OPTIONS,
            writer -> Policies.set(writer.manifests(), SourceInfo.GLOBAL, DefaultPolicy.POLICY));
  }

  /// Writes default maintenance parameters.
  ///
  /// @param owner `user@host` of the client that runs maintenance
  public static void writeMaintenanceParameters(Repository repository, String owner)
      throws RepositoryException {
    byte[] params = MaintenanceParams.defaults(owner).encode();
    ManifestId _ =
        repository.write(
            OPTIONS, writer -> writer.manifests().replace(MaintenanceParams.LABELS, params));
  }
}
