package dev.longshore.agent.config;

import dev.longshore.kube.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// The requests and limits of pods.
public final class PodResources {
  private PodResources() {}

  /// Reads `cpuRequest`, `memoryLimit` and so on as Velero has them.
  ///
  /// @return `{"requests":…,"limits":…}` with what is above zero
  /// @throws IOException if one is missing, is no amount, or is above its limit
  public static Json.Obj of(Json.Obj given) throws IOException {
    Map<String, String> texts = given.strings();
    Json.Obj requests = Json.Obj.EMPTY;
    Json.Obj limits = Json.Obj.EMPTY;
    for (String what : List.of("cpu", "memory", "ephemeralStorage")) {
      boolean optional = what.equals("ephemeralStorage");
      String request = texts.getOrDefault(what + "Request", optional ? "0" : "");
      String limit = texts.getOrDefault(what + "Limit", optional ? "0" : "");
      BigDecimal least = amount(what + "Request", request);
      BigDecimal most = amount(what + "Limit", limit);
      if (most.signum() > 0 && least.compareTo(most) > 0) {
        throw new IOException(what + "Request " + request + " is above the limit " + limit);
      }
      String name = optional ? "ephemeral-storage" : what;
      requests = least.signum() > 0 ? requests.with(name, request) : requests;
      limits = most.signum() > 0 ? limits.with(name, limit) : limits;
    }
    Json.Obj resources = Json.Obj.EMPTY;
    resources = requests.fields().isEmpty() ? resources : resources.with("requests", requests);
    return limits.fields().isEmpty() ? resources : resources.with("limits", limits);
  }

  private static BigDecimal amount(String name, String text) throws IOException {
    return Quantity.parse(text)
        .filter(amount -> amount.signum() >= 0)
        .orElseThrow(() ->
            new IOException(
                text.isEmpty() ? name + " is missing" : name + " is not an amount: " + text));
  }
}
