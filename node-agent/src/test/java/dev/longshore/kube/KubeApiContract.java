package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every server and client of the Kubernetes API has to do. Each test uses names of its own
/// and leaves what it made, so it may run against a cluster that lives on.
abstract class KubeApiContract extends KubeWriteContract {
  @Test
  void selectsByLabelsAndFields() throws KubeException {
    api().create(Resource.PODS, pod("s1").withLabel("app", "a").withLabel("group", "s"));
    api()
        .create(
            Resource.PODS,
            pod("s2")
                .withLabel("app", "b")
                .withLabel("group", "s")
                .with("no-such-node", "spec", "nodeName"));
    api().create(Resource.PODS, pod("s3").withLabel("group", "s"));
    assertEquals(List.of("s1"), labelled("group=s,app=a"));
    assertEquals(List.of("s1"), labelled("group==s, app in (a, c)"));
    assertEquals(List.of("s2", "s3"), labelled("group=s,app notin (a)"));
    assertEquals(List.of("s2", "s3"), labelled("group=s,app!=a"));
    assertEquals(List.of("s1", "s2"), labelled("group=s,app"));
    assertEquals(List.of("s3"), labelled("group=s,!app"));
    ListOptions onNode = new ListOptions("group=s", "spec.nodeName=no-such-node", 0, "", "");
    assertEquals(List.of("s2"), names(api().list(Resource.PODS, namespace(), onNode)));
    assertEquals(
        List.of("s3"),
        names(api().list(Resource.PODS, namespace(), ListOptions.withFields("metadata.name=s3"))));
    fails(400, () -> api().list(Resource.PODS, namespace(), ListOptions.withFields("spec.nope=1")));
    fails(400, () -> api().list(Resource.PODS, namespace(), ListOptions.withLabels("a b c")));
  }

  private List<String> labelled(String selector) throws KubeException {
    return names(api().list(Resource.PODS, namespace(), ListOptions.withLabels(selector)));
  }

  static List<String> names(KubeList list) {
    return list.items().stream().map(KubeObject::name).toList();
  }

  @Test
  void givesTokensOfServiceAccounts() throws KubeException {
    KubeObject account = KubeObject.of(Resource.SERVICE_ACCOUNTS, namespace(), "with-token");
    api().create(Resource.SERVICE_ACCOUNTS, account);
    Json.Obj request =
        Json.Obj.EMPTY.with("apiVersion", "authentication.k8s.io/v1").with("kind", "TokenRequest");
    KubeObject wanted =
        new KubeObject(request)
            .with(Json.Arr.ofStrings(List.of("somebody")), "spec", "audiences")
            .with(600, "spec", "expirationSeconds");
    KubeObject answer = api().createToken(namespace(), "with-token", wanted);
    assertEquals(false, answer.text("status", "token").isEmpty());
    assertEquals(true, answer.time("status", "expirationTimestamp").isPresent());
    fails(
        422,
        () ->
            api()
                .createToken(
                    namespace(), "with-token", wanted.with(1, "spec", "expirationSeconds")));
  }

  @Test
  void pagesShowTheStateOfTheFirst() throws KubeException {
    for (int i = 0; i < 5; i++) {
      api().create(Resource.CONFIG_MAPS, configMap("page-" + i).withLabel("paged", "yes"));
    }
    ListOptions options = ListOptions.withLabels("paged=yes");
    KubeList page = api().list(Resource.CONFIG_MAPS, namespace(), options.page(2, ""));
    String version = page.resourceVersion();
    List<String> found = new ArrayList<>(names(page));
    api().delete(Resource.CONFIG_MAPS, namespace(), "page-3", DeleteOptions.DEFAULT);
    api().create(Resource.CONFIG_MAPS, configMap("page-35").withLabel("paged", "yes"));
    while (!page.continueFrom().isEmpty()) {
      assertEquals(2, page.items().size());
      page = api().list(Resource.CONFIG_MAPS, namespace(), options.page(2, page.continueFrom()));
      assertEquals(version, page.resourceVersion());
      found.addAll(names(page));
    }
    assertEquals(List.of("page-0", "page-1", "page-2", "page-3", "page-4"), found);
  }

  @Test
  void watchesReportChangesInOrder() throws KubeException {
    ListOptions some = ListOptions.withLabels("watched=yes");
    KubeObject before = api().create(UPLOADS, upload("watched").withLabel("watched", "yes"));
    String from = api().list(UPLOADS, namespace(), some).resourceVersion();
    try (Watch watch = api().watch(UPLOADS, namespace(), some.from(from))) {
      assertNull(watch.next(Duration.ZERO));
      api().replace(UPLOADS, before.with(true, "spec", "cancel"));
      api().create(UPLOADS, upload("second").withLabel("watched", "yes"));
      api().create(UPLOADS, upload("other"));
      api().patch(UPLOADS, namespace(), "second", label(Json.Null.NULL));
      api().patch(UPLOADS, namespace(), "second", label(new Json.Str("yes")));
      api().delete(UPLOADS, namespace(), "second", DeleteOptions.DEFAULT);
      assertEquals("MODIFIED watched", text(event(watch)));
      assertEquals("ADDED second", text(event(watch)));
      assertEquals("DELETED second", text(event(watch)));
      assertEquals("ADDED second", text(event(watch)));
      WatchEvent gone = event(watch);
      assertEquals("DELETED second", text(gone));
      // The version of the deletion: a watch goes on behind it.
      try (Watch later =
          api().watch(UPLOADS, namespace(), some.from(gone.object().resourceVersion()))) {
        api().delete(UPLOADS, namespace(), "watched", DeleteOptions.DEFAULT);
        assertEquals("DELETED watched", text(event(later)));
      }
    }
  }

  private static Json.Obj label(Json value) {
    return new KubeObject(Json.Obj.EMPTY).with(value, "metadata", "labels", "watched").json();
  }

  private static String text(WatchEvent event) {
    return event.type() + " " + event.object().name();
  }

  /// The next event that is no bookmark.
  static WatchEvent event(Watch watch) throws KubeException {
    for (int i = 0; i < 100; i++) {
      WatchEvent event = watch.next(Duration.ofSeconds(5));
      if (event != null && event.type() != WatchEvent.Type.BOOKMARK) {
        return event;
      }
    }
    throw new AssertionError("no event came");
  }

  @Test
  void watchesWithoutVersionBeginWithWhatIsThere() throws KubeException {
    api().create(UPLOADS, upload("there").withLabel("begin", "yes"));
    ListOptions options = ListOptions.withLabels("begin=yes");
    try (Watch watch = api().watch(UPLOADS, namespace(), options)) {
      assertEquals("ADDED there", text(event(watch)));
    }
  }

  @Test
  void closedWatchesFail() throws KubeException {
    Watch closed;
    try (Watch watch = api().watch(UPLOADS, namespace(), ListOptions.ALL)) {
      closed = watch;
    }
    assertThrows(KubeException.class, () -> drain(closed));
  }

  private static void drain(Watch watch) throws KubeException {
    @Nullable WatchEvent event = watch.next(Duration.ofSeconds(1));
    while (event != null) {
      event = watch.next(Duration.ofSeconds(1));
    }
  }

  @Test
  void unknownAddressesAreNotFound() {
    Resource nothing = new Resource("velero.io", "v9", "nothings", "Nothing", true);
    fails(404, () -> api().list(nothing, namespace(), ListOptions.ALL));
    fails(404, () -> api().create(nothing, KubeObject.of(nothing, namespace(), "x")));
  }
}
