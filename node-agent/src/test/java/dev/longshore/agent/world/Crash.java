package dev.longshore.agent.world;

import java.io.Serial;

/// The end of a participant's process in the middle of its turn. An error, so that nobody handles
/// it by accident.
public final class Crash extends Error {
  @Serial private static final long serialVersionUID = 1;

  Crash(String who) {
    super(who + " has crashed", null, false, false);
  }
}
