package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;

/// Warns of the password that Velero gives every repository unless its operator chose one.
final class WellKnownPassword {
  private static final String VELERO_DEFAULT = "static-passw0rd";

  private WellKnownPassword() {}

  static void warn(Cli cli, String password) {
    if (password.equals(VELERO_DEFAULT)) {
      cli.notice(
          "repo: warning: this is Velero's well-known default password: whoever can read the store"
              + " can read the data");
    }
  }
}
