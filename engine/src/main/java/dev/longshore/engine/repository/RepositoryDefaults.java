package dev.longshore.engine.repository;

import dev.longshore.engine.error.RepositoryException;

/// What the command line's `repository create` writes into a repository it has made: the global
/// policy and the maintenance parameters. Velero's repositories have only the latter.
public final class RepositoryDefaults {
  private RepositoryDefaults() {}

  /// Writes the default global policy.
  public static void writeGlobalPolicy(Repository repository) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Writes default maintenance parameters.
  ///
  /// @param owner `user@host` of the client that runs maintenance
  public static void writeMaintenanceParameters(Repository repository, String owner)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }
}
