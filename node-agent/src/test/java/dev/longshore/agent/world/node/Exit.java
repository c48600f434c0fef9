package dev.longshore.agent.world.node;

/// How a program ended.
///
/// @param code 128 + n if signal n ended it
/// @param message its termination message; if empty, what it has written to the file for it
/// @param reason the kubelet's word for it; empty: `Completed` or `Error`
public record Exit(int code, String message, String reason) {
  public static final Exit KILLED = new Exit(137, "", "");

  public Exit(int code, String message) {
    this(code, message, "");
  }
}
