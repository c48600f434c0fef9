package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;

/// Commands that can destroy data run only when the user has said so, as in Kopia.
final class Danger {
  private Danger() {}

  static void check(Cli cli) {
    if (!cli.isDangerAccepted()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "this command can destroy data: add --dangerous-commands=enabled, or set"
              + " KOPIA_DANGEROUS_COMMANDS=enabled, if that is what you want");
    }
  }
}
