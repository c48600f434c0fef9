package dev.longshore.agent.world.node;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/// What the images of a cluster contain. A container for which there is no program sleeps.
public final class Programs {
  private record Entry(BiPredicate<KubeObject, Json.Obj> where, PodProgram program) {}

  private final List<Entry> entries = new ArrayList<>();

  /// Adds a program; the last one that fits is taken.
  ///
  /// @param where asked about the pod and the container's spec
  public void add(BiPredicate<KubeObject, Json.Obj> where, PodProgram program) {
    entries.addFirst(new Entry(where, program));
  }

  /// Adds a program for every container whose command line has a word in it, perhaps with a path
  /// before it.
  public void addForWord(String word, PodProgram program) {
    add(
        (_, container) ->
            words(container).stream().anyMatch(one -> one.equals(word) || one.endsWith("/" + word)),
        program);
  }

  private static List<String> words(Json.Obj container) {
    KubeObject spec = new KubeObject(container);
    List<String> words = new ArrayList<>(spec.array("command").strings());
    words.addAll(spec.array("args").strings());
    return words;
  }

  PodProgram of(KubeObject pod, Json.Obj container) {
    return entries.stream()
        .filter(entry -> entry.where.test(pod, container))
        .map(Entry::program)
        .findFirst()
        .orElse(PodProgram.IDLE);
  }
}
