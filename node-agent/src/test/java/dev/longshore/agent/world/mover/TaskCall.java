package dev.longshore.agent.world.mover;

import dev.longshore.mover.task.TaskKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A mover's command line.
///
/// @param options their values, in their order
public record TaskCall(TaskKind kind, Map<String, List<String>> options) {
  /// Reads a command line; words before the task's are passed over.
  ///
  /// @return empty if there is no task
  public static Optional<TaskCall> of(List<String> words) {
    Optional<TaskKind> kind =
        words.stream().flatMap(word -> TaskKind.of(word).stream()).findFirst();
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> options = new HashMap<>();
    for (int i = words.indexOf(kind.get().word()) + 1; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "true" : word.substring(equals + 1);
      if (equals < 0 && i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
        i++;
        value = words.get(i);
      }
      options.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }
    return Optional.of(new TaskCall(kind.get(), options));
  }

  /// The value of an option; empty if it is not given.
  public String option(String name) {
    return all(name).isEmpty() ? "" : all(name).getLast();
  }

  public List<String> all(String name) {
    return options.getOrDefault(name, List.of());
  }

  /// The `KEY=VALUE` of an option that is repeated.
  public Map<String, String> pairs(String name) {
    Map<String, String> pairs = new HashMap<>();
    for (String pair : all(name)) {
      int equals = pair.indexOf('=');
      pairs.put(pair.substring(0, Math.max(0, equals)), pair.substring(equals + 1));
    }
    return pairs;
  }
}
