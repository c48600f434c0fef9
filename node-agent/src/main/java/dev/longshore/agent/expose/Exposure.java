package dev.longshore.agent.expose;

/// How far exposing has come.
public sealed interface Exposure {
  /// Something must happen elsewhere first.
  ///
  /// @param reason what it waits for, in words
  record Waiting(String reason) implements Exposure {}

  /// The transfer itself was written; go on with it as it is now.
  record Noted() implements Exposure {}

  /// The mover's pod is there.
  record Ready(String pod) implements Exposure {}
}
