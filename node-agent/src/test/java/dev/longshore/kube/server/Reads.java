package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeList;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/// What reads find. Guarded by the server's lock.
final class Reads {
  private final Store store;

  Reads(Store store) {
    this.store = store;
  }

  KubeObject get(Kind kind, String namespace, String name) throws KubeException {
    KubeObject found = store.find(kind, namespace, name);
    if (found == null) {
      throw Failures.notFound(kind, name);
    }
    return found;
  }

  /// A page, in the order of the keys; later pages show the state of the first.
  KubeList list(Kind kind, String namespace, ListOptions options) throws KubeException {
    Predicate<KubeObject> selection =
        Selectors.of(kind, namespace, options.labelSelector(), options.fieldSelector());
    String version = store.version();
    SortedMap<String, KubeObject> objects = store.of(kind);
    if (!options.continueFrom().isEmpty()) {
      String[] token = token(options.continueFrom());
      version = token[0];
      objects = store.asOf(kind, version).tailMap(token[1] + "\0");
    }
    List<KubeObject> page = new ArrayList<>();
    String last = "";
    for (Map.Entry<String, KubeObject> entry : objects.entrySet()) {
      if (!selection.test(entry.getValue())) {
        continue;
      }
      if (options.limit() > 0 && page.size() == options.limit()) {
        String next = version + "\n" + last;
        return new KubeList(
            page,
            version,
            Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(next.getBytes(StandardCharsets.UTF_8)));
      }
      page.add(entry.getValue());
      last = entry.getKey();
    }
    return new KubeList(page, version, "");
  }

  private static String[] token(String text) throws KubeException {
    try {
      String[] token =
          new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\n", -1);
      if (token.length == 2) {
        return token;
      }
    } catch (IllegalArgumentException e) {
      // as any other token that is not ours
    }
    throw Failures.bad("continue key is not valid");
  }
}
