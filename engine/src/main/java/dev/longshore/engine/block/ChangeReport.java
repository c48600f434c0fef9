package dev.longshore.engine.block;

/// Which step of the ladder a backup took, and why not a cheaper one.
///
/// @param mode the step
/// @param reason in words, why it was not a cheaper step; empty if it is the one that was wanted
/// @param code what a tracker of changes answered, for instance the name of a gRPC code such as
///   `UNAVAILABLE`; empty if none was asked or it did not fail
public record ChangeReport(ChangeMode mode, String reason, String code) {
  /// What was wanted, and got.
  public static ChangeReport of(ChangeMode mode) {
    return new ChangeReport(mode, "", "");
  }

  /// As this, after a step down to another mode; the reasons so far stay.
  public ChangeReport fallTo(ChangeMode next, String why) {
    return new ChangeReport(next, reason.isEmpty() ? why : reason + "; " + why, code);
  }

  @Override
  public String toString() {
    return mode.text()
        + (reason.isEmpty() ? "" : ": " + reason)
        + (code.isEmpty() ? "" : " (" + code + ")");
  }
}
