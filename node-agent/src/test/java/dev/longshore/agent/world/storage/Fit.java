package dev.longshore.agent.world.storage;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// Whether a volume is good enough for a claim.
public final class Fit {
  private static final Map<String, Long> UNITS =
      Map.of(
          "Ki",
          1L << 10,
          "Mi",
          1L << 20,
          "Gi",
          1L << 30,
          "Ti",
          1L << 40,
          "k",
          1_000L,
          "M",
          1_000_000L,
          "G",
          1_000_000_000L,
          "T",
          1_000_000_000_000L);

  private Fit() {}

  /// The bytes that a quantity stands for; 0 if it is none.
  public static long bytes(String quantity) {
    String digits = quantity.replaceAll("[A-Za-z]+$", "");
    String unit = quantity.substring(digits.length());
    if (digits.isEmpty()) {
      return 0;
    }
    return new BigDecimal(digits)
        .multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)))
        .longValue();
  }

  static long sizeOf(KubeObject volume) {
    return bytes(volume.text("spec", "capacity", "storage"));
  }

  /// The bytes that a claim asks for.
  public static long requestOf(KubeObject claim) {
    return bytes(claim.text("spec", "resources", "requests", "storage"));
  }

  /// Whether a claim or volume is a block device.
  public static boolean isBlock(KubeObject object) {
    return object.text("spec", "volumeMode").equals("Block");
  }

  /// Whether a class binds no volume before a pod needs it.
  public static boolean waitsForConsumer(KubeObject storageClass) {
    return storageClass.text("volumeBindingMode").equals("WaitForFirstConsumer");
  }

  static boolean satisfies(KubeObject volume, KubeObject claim) {
    List<String> offered = volume.array("spec", "accessModes").strings();
    return sizeOf(volume) >= requestOf(claim)
        && isBlock(volume) == isBlock(claim)
        && volume.text("spec", "storageClassName").equals(claim.text("spec", "storageClassName"))
        && offered.containsAll(claim.array("spec", "accessModes").strings())
        && isSelected(volume, claim);
  }

  private static boolean isSelected(KubeObject volume, KubeObject claim) {
    return claim.object("spec", "selector", "matchLabels").strings().entrySet().stream()
            .allMatch(label -> volume.label(label.getKey()).equals(label.getValue()))
        && claim.array("spec", "selector", "matchExpressions").elements().isEmpty();
  }

  /// Whether a claim says which volumes it takes.
  static boolean hasSelector(KubeObject claim) {
    return !claim.object("spec", "selector", "matchLabels").equals(Json.Obj.EMPTY)
        || !claim.array("spec", "selector", "matchExpressions").elements().isEmpty();
  }
}
