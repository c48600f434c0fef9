package dev.longshore.agent.api;

import java.util.Arrays;

/// Where a transfer is, in Velero's words.
public enum Phase {
  NEW("New"),
  ACCEPTED("Accepted"),
  PREPARED("Prepared"),
  IN_PROGRESS("InProgress"),
  CANCELING("Canceling"),
  CANCELED("Canceled"),
  COMPLETED("Completed"),
  FAILED("Failed");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /// As it stands in `status.phase`.
  public String word() {
    return word;
  }

  /// Whether nothing but cleaning up follows.
  public boolean isFinal() {
    return this == CANCELED || this == COMPLETED || this == FAILED;
  }

  /// The phase of a word; what is unknown or empty is new.
  public static Phase of(String word) {
    return Arrays.stream(values()).filter(phase -> phase.word.equals(word)).findFirst().orElse(NEW);
  }
}
