package dev.longshore.kube;

import java.util.ArrayList;
import java.util.List;

/// Lists of many pages.
public final class KubeLists {
  private static final int PAGE = 500;
  private static final int ATTEMPTS = 3;

  private KubeLists() {}

  /// Reads all objects, page by page, as they were when the first page was read. Begins anew when
  /// the server forgets that state meanwhile.
  ///
  /// @param options its limit and page are passed over
  /// @return one page of all of them; a watch may go on from its version
  public static KubeList all(KubeApi api, Resource resource, String namespace, ListOptions options)
      throws KubeException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(api, resource, namespace, options);
      } catch (KubeException e) {
        if (!e.isGone() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static KubeList once(
      KubeApi api, Resource resource, String namespace, ListOptions options) throws KubeException {
    KubeList page = api.list(resource, namespace, options.page(PAGE, ""));
    if (page.continueFrom().isEmpty()) {
      return page;
    }
    List<KubeObject> items = new ArrayList<>(page.items());
    while (!page.continueFrom().isEmpty()) {
      page = api.list(resource, namespace, options.page(PAGE, page.continueFrom()));
      items.addAll(page.items());
    }
    return new KubeList(items, page.resourceVersion(), "");
  }
}
