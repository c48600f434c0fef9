package dev.longshore.cli.policy;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.output.SizeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Changes of settings as the flags of `policy set` ask for them: a value, or `inherit` to unset.
/// Notes what changes, in words.
final class Edits {
  private static final Set<String> UNSET = Set.of("inherit", "default");
  private static final Set<String> TRUE = Set.of("true", "t", "1");
  private static final Set<String> FALSE = Set.of("false", "f", "0");

  private final List<String> notes = new ArrayList<>();

  /// What changed so far.
  List<String> notes() {
    return notes;
  }

  /// Tells whether a flag's text means "unset".
  static boolean isUnset(String text) {
    return UNSET.contains(text);
  }

  /// Notes a change whose value is already known.
  <T> T noted(String what, T value) {
    notes.add("setting " + what + " to " + value);
    return value;
  }

  private void unset(String what) {
    notes.add("resetting " + what + " to a default value inherited from parent");
  }

  @Nullable Long number(String what, @Nullable Long old, @Nullable String text) {
    return scaled(what, old, text, 1);
  }

  /// As [#number], in units of `scale`.
  @Nullable Long scaled(String what, @Nullable Long old, @Nullable String text, long scale) {
    if (text == null) {
      return old;
    }
    if (isUnset(text)) {
      unset(what);
      return null;
    }
    try {
      long value = Math.multiplyExact(Long.parseLong(text), scale);
      if (value >= 0) {
        return noted(what, value);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Reported below, with negative numbers.
    }
    throw new CommandFailure(ExitCode.USAGE, what + ": not a number or `inherit`: " + text);
  }

  /// A size for which 0 means unset: bytes, or with a unit such as `10MB` (base 10) or `10MiB`.
  long size(String what, long old, @Nullable String text) {
    if (text == null) {
      return old;
    }
    if (isUnset(text)) {
      unset(what);
      return 0;
    }
    return noted(what, bytes(what, text));
  }

  @Nullable Boolean flag(String what, @Nullable Boolean old, @Nullable String text) {
    if (text == null) {
      return old;
    }
    if (isUnset(text)) {
      unset(what);
      return null;
    }
    if (TRUE.contains(text)) {
      return noted(what, true);
    }
    if (FALSE.contains(text)) {
      return noted(what, false);
    }
    throw new CommandFailure(ExitCode.USAGE, what + ": not true, false or inherit: " + text);
  }

  /// A name for which the empty one means unset.
  String name(String what, String old, @Nullable String text) {
    if (text == null) {
      return old;
    }
    if (isUnset(text)) {
      unset(what);
      return "";
    }
    return noted(what, text);
  }

  /// A sorted list without duplicates: cleared, then added to, then removed from.
  List<String> list(String what, List<String> old, ListFlags flags) {
    Set<String> changed = new TreeSet<>(flags.clear() ? List.of() : old);
    if (flags.clear()) {
      notes.add("removing all from " + what);
    }
    for (String item : flags.add()) {
      if (changed.add(item)) {
        notes.add("adding " + item + " to " + what);
      }
    }
    for (String item : flags.remove()) {
      if (changed.remove(item)) {
        notes.add("removing " + item + " from " + what);
      }
    }
    return List.copyOf(changed);
  }

  /// The three flags of a list.
  record ListFlags(boolean clear, List<String> add, List<String> remove) {}

  private static long bytes(String what, String text) {
    return SizeText.parse(text)
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.USAGE, what + ": not a size such as 1000000 or 10MiB: " + text));
  }
}
