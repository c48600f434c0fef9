package dev.longshore.agent.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts as Kubernetes writes them: `500m`, `2Gi`, `1e9`.
public final class Quantity {
  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?[0-9]{1,30}(?:\\.[0-9]{0,30})?)(|[eE][+-]?[0-9]{1,2}|[numkMGTPE]|[KMGTPE]i)");
  private static final Map<String, BigDecimal> FACTORS =
      Map.ofEntries(
          Map.entry("", BigDecimal.ONE),
          Map.entry("n", new BigDecimal("1e-9")),
          Map.entry("u", new BigDecimal("1e-6")),
          Map.entry("m", new BigDecimal("1e-3")),
          Map.entry("k", new BigDecimal("1e3")),
          Map.entry("M", new BigDecimal("1e6")),
          Map.entry("G", new BigDecimal("1e9")),
          Map.entry("T", new BigDecimal("1e12")),
          Map.entry("P", new BigDecimal("1e15")),
          Map.entry("E", new BigDecimal("1e18")),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantity() {}

  /// @return empty if it is not an amount
  public static Optional<BigDecimal> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String suffix = form.group(2);
    BigDecimal factor = FACTORS.get(suffix);
    return Optional.of(
        factor == null
            ? new BigDecimal(form.group(1) + suffix)
            : new BigDecimal(form.group(1)).multiply(factor));
  }

  /// Whole units, rounded up.
  public static Optional<Long> bytes(String text) {
    return parse(text)
        .map(amount -> amount.setScale(0, RoundingMode.CEILING))
        .filter(amount -> amount.signum() >= 0 && amount.compareTo(MOST) <= 0)
        .map(BigDecimal::longValue);
  }
}
