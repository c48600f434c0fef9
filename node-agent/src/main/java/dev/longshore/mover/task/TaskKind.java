package dev.longshore.mover.task;

import java.util.Arrays;
import java.util.Optional;

/// What a mover's pod is started for.
public enum TaskKind {
  /// A volume into a repository.
  BACKUP("backup"),
  /// A snapshot into a volume.
  RESTORE("restore"),
  /// Connects to a namespace's repository, making it where there is none.
  PREPARE("prepare"),
  /// Maintenance of a repository, quick or full as its schedule says.
  MAINTAIN("maintain"),
  /// Deletes snapshots by their ids; maintenance reclaims their space.
  FORGET("forget"),
  /// Reads back what the repository holds, within a budget of bytes, going on where the last run
  /// stopped.
  VERIFY("verify");

  private final String word;

  TaskKind(String word) {
    this.word = word;
  }

  /// The first argument of the mover.
  public String word() {
    return word;
  }

  public static Optional<TaskKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }
}
