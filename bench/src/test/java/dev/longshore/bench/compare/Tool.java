package dev.longshore.bench.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A backup program under comparison: how its commands are spelled. Every place it writes to is
/// below the home folder it is given.
sealed interface Tool permits KopiaCommands, ResticCommands {
  /// What the tables call it.
  String name();

  /// The program, to be asked for its version.
  List<String> version();

  /// Environment of every command, on top of the harness's own.
  Map<String, String> environment(Path home);

  /// Makes the repository.
  List<String> create(Path home);

  /// Settings to be made once after the repository was made; none is the default.
  List<List<String>> settings(Path home);

  /// Backs a folder up.
  List<String> backUp(Path home, Path source);

  /// Restores the latest snapshot of a folder.
  List<String> restore(Path home, Path source, Path target);

  /// Reads and verifies every byte.
  List<String> verify(Path home);

  /// Tells about the repository.
  List<String> status(Path home);

  /// Lists snapshots.
  List<String> list(Path home);

  /// Where the repository lies.
  default Path repository(Path home) {
    return home.resolve("repository");
  }
}
