package dev.longshore.agent.expose;

import dev.longshore.kube.Json;
import java.util.List;

/// What root may do in a mover.
final class Capabilities {
  /// Reading what belongs to others, and giving files their owners, modes, labels and devices.
  static final Json.Obj OF_MOVERS =
      Json.Obj.EMPTY
          .with("drop", Json.Arr.ofStrings(List.of("ALL")))
          .with(
              "add",
              Json.Arr.ofStrings(
                  List.of(
                      "CHOWN",
                      "DAC_OVERRIDE",
                      "DAC_READ_SEARCH",
                      "FOWNER",
                      "FSETID",
                      "MKNOD",
                      "SETFCAP")));

  private Capabilities() {}
}
