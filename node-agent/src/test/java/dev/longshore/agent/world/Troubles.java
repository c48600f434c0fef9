package dev.longshore.agent.world;

import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What a test wants to go wrong in the stand-ins.
public final class Troubles {
  /// The object that is asked about stands in parentheses.
  public enum Kind {
    /// No volume is made (claim).
    PROVISION,
    /// A disk stays, its PV with it (PV).
    DELETE_DISK,
    /// A volume does not come to its node (PV).
    ATTACH,
    /// A volume cannot be mounted (claim).
    MOUNT,
    /// The labels of a volume's files cannot be changed (claim).
    RELABEL,
    /// An image is not to be had (pod).
    IMAGE,
    /// The storage makes no snapshot (content).
    SNAPSHOT,
    /// A snapshot is not getting ready (content).
    SNAPSHOT_READY,
    /// A storage snapshot cannot be deleted (content).
    DELETE_SNAPSHOT,
    /// No node is good enough (pod).
    SCHEDULE
  }

  /// How often something goes wrong that always goes wrong.
  public static final int ALWAYS = Integer.MAX_VALUE;

  private static final class Rule {
    private final Kind kind;
    private final Predicate<KubeObject> victims;
    private final String message;
    private int left;

    Rule(Kind kind, Predicate<KubeObject> victims, String message, int times) {
      this.kind = kind;
      this.victims = victims;
      this.message = message;
      this.left = times;
    }
  }

  private final List<Rule> rules = new ArrayList<>();

  /// From now on, something goes wrong.
  ///
  /// @param times so often, then no more
  public void cause(Kind kind, Predicate<KubeObject> victims, String message, int times) {
    rules.add(new Rule(kind, victims, message, times));
  }

  /// All is well again.
  public void end(Kind kind) {
    rules.removeIf(rule -> rule.kind == kind);
  }

  /// Whether something goes wrong now; asked once per attempt.
  ///
  /// @return the message
  public Optional<String> strike(Kind kind, KubeObject victim) {
    for (Rule rule : rules) {
      if (rule.kind == kind && rule.left > 0 && rule.victims.test(victim)) {
        rule.left -= rule.left == ALWAYS ? 0 : 1;
        return Optional.of(rule.message);
      }
    }
    return Optional.empty();
  }
}
