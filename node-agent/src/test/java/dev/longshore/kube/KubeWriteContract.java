package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What every server and client of the Kubernetes API has to do with writes.
abstract class KubeWriteContract {
  static final Resource UPLOADS =
      new Resource("velero.io", "v2alpha1", "datauploads", "DataUpload", true);

  /// The API under test, allowed everything.
  abstract KubeApi api();

  /// A namespace that is there, and is the test's alone.
  abstract String namespace();

  /// Sees to it that what has lost its owners goes.
  abstract void collect() throws InterruptedException;

  KubeObject upload(String name) {
    return KubeObject.of(UPLOADS, namespace(), name)
        .with("loc", "spec", "backupStorageLocation")
        .with("10m0s", "spec", "operationTimeout")
        .with("CSI", "spec", "snapshotType")
        .with("app", "spec", "sourceNamespace")
        .with("data", "spec", "sourcePVC");
  }

  KubeObject configMap(String name) {
    return KubeObject.of(Resource.CONFIG_MAPS, namespace(), name).with("1", "data", "count");
  }

  /// A pod that no scheduler looks at.
  KubeObject pod(String name) {
    return KubeObject.of(Resource.PODS, namespace(), name)
        .with("nobody", "spec", "schedulerName")
        .with(
            Json.Arr.of(Json.Obj.EMPTY.with("name", "main").with("image", "none")),
            "spec",
            "containers");
  }

  static KubeException fails(int code, Executable request) {
    KubeException failure = assertThrows(KubeException.class, request);
    assertEquals(code, failure.code(), failure.getMessage());
    return failure;
  }

  @Test
  void createdObjectsGetIdentityAndTime() throws KubeException {
    KubeObject made = api().create(UPLOADS, upload("identity"));
    assertFalse(made.uid().isEmpty());
    assertFalse(made.resourceVersion().isEmpty());
    assertTrue(made.created().orElseThrow().isAfter(Instant.EPOCH));
    assertEquals(1, made.number("metadata", "generation"));
    assertEquals(made.uid(), api().get(UPLOADS, namespace(), "identity").uid());
    assertEquals(
        "AlreadyExists", fails(409, () -> api().create(UPLOADS, upload("identity"))).reason());
    assertTrue(fails(404, () -> api().get(UPLOADS, namespace(), "nobody")).isNotFound());
    fails(404, () -> api().delete(UPLOADS, namespace(), "nobody", DeleteOptions.DEFAULT));
    assertThrows(KubeException.class, () -> api().get(UPLOADS, namespace(), ""));
  }

  @Test
  void generatesNames() throws KubeException {
    KubeObject nameless =
        configMap("x").without("metadata", "name").with("gen-", "metadata", "generateName");
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      String name = api().create(Resource.CONFIG_MAPS, nameless).name();
      assertTrue(name.matches("gen-[a-z0-9]{5}"), name);
      names.add(name);
    }
    assertEquals(5, names.size());
  }

  @Test
  void refusesStaleWrites() throws KubeException {
    KubeObject first = api().create(UPLOADS, upload("stale"));
    KubeObject second = api().replace(UPLOADS, first.with(true, "spec", "cancel"));
    assertNotEquals(first.resourceVersion(), second.resourceVersion());
    KubeException failure =
        fails(409, () -> api().replace(UPLOADS, first.with("x", "spec", "datamover")));
    assertTrue(failure.isConflict());
    assertEquals("Conflict", failure.reason());
    assertTrue(api().get(UPLOADS, namespace(), "stale").flag("spec", "cancel"));
  }

  @Test
  void lastUnconditionalWriteWinsOfBuiltInKinds() throws KubeException {
    KubeObject made = api().create(Resource.CONFIG_MAPS, configMap("unconditional"));
    api().replace(Resource.CONFIG_MAPS, made.with("2", "data", "count"));
    KubeObject blind = configMap("unconditional").with("3", "data", "count");
    assertEquals("3", api().replace(Resource.CONFIG_MAPS, blind).text("data", "count"));
  }

  @Test
  void unconditionalWritesOfCustomKindsAreRefused() throws KubeException {
    api().create(UPLOADS, upload("blind"));
    assertTrue(fails(422, () -> api().replace(UPLOADS, upload("blind"))).isInvalid());
  }

  @Test
  void refusesToReplaceAnotherObjectOfTheSameName() throws KubeException {
    KubeObject first = api().create(Resource.CONFIG_MAPS, configMap("reborn"));
    api().delete(Resource.CONFIG_MAPS, namespace(), "reborn", DeleteOptions.DEFAULT);
    api().create(Resource.CONFIG_MAPS, configMap("reborn"));
    KubeObject blind = first.without("metadata", "resourceVersion");
    fails(409, () -> api().replace(Resource.CONFIG_MAPS, blind));
    fails(
        409,
        () -> api().delete(Resource.CONFIG_MAPS, namespace(), "reborn", DeleteOptions.of(first)));
    fails(404, () -> api().replace(Resource.CONFIG_MAPS, configMap("never")));
  }

  @Test
  void writesThatChangeNothingKeepTheVersion() throws KubeException {
    KubeObject made = api().create(Resource.CONFIG_MAPS, configMap("same"));
    KubeObject again = api().replace(Resource.CONFIG_MAPS, made);
    assertEquals(made.resourceVersion(), again.resourceVersion());
  }

  @Test
  void veleroKindsHaveNoStatusAddress() throws KubeException {
    KubeObject made = api().create(UPLOADS, upload("status").with("New", "status", "phase"));
    assertEquals("New", made.text("status", "phase"));
    KubeObject accepted = made.with("Accepted", "status", "phase");
    fails(404, () -> api().replaceStatus(UPLOADS, accepted));
    KubeObject written = api().replace(UPLOADS, accepted);
    assertEquals("Accepted", written.text("status", "phase"));
    assertEquals(2, written.number("metadata", "generation"));
    KubeObject labelled = api().replace(UPLOADS, written.withLabel("a", "b"));
    assertEquals(2, labelled.number("metadata", "generation"));
  }

  @Test
  void statusOfPodsIsWrittenApart() throws KubeException {
    KubeObject made = api().create(Resource.PODS, pod("apart").with("Failed", "status", "phase"));
    assertEquals("Pending", made.text("status", "phase"));
    KubeObject both = made.withLabel("a", "b").with("Running", "status", "phase");
    KubeObject plain = api().replace(Resource.PODS, both);
    assertEquals("Pending", plain.text("status", "phase"));
    assertEquals("b", plain.label("a"));
    KubeObject status =
        api()
            .replaceStatus(
                Resource.PODS,
                plain.with("Running", "status", "phase").with("n", "spec", "hostname"));
    assertEquals("Running", status.text("status", "phase"));
    assertEquals("", status.text("spec", "hostname"));
  }

  @Test
  void statusOfSnapshotsIsWrittenApart() throws KubeException {
    KubeObject snapshot =
        KubeObject.of(Resource.VOLUME_SNAPSHOTS, namespace(), "apart")
            .with("data", "spec", "source", "persistentVolumeClaimName")
            .with(true, "status", "readyToUse");
    KubeObject made = api().create(Resource.VOLUME_SNAPSHOTS, snapshot);
    assertNull(made.at("status"));
    KubeObject ready =
        api().replaceStatus(Resource.VOLUME_SNAPSHOTS, made.with(true, "status", "readyToUse"));
    assertTrue(ready.flag("status", "readyToUse"));
    assertEquals(1, ready.number("metadata", "generation"));
    KubeObject plain = api().replace(Resource.VOLUME_SNAPSHOTS, ready.without("status"));
    assertTrue(plain.flag("status", "readyToUse"));
  }

  @Test
  void sourcesOfSnapshotsStay() throws KubeException {
    KubeObject both =
        KubeObject.of(Resource.VOLUME_SNAPSHOTS, namespace(), "source")
            .with("data", "spec", "source", "persistentVolumeClaimName")
            .with("content", "spec", "source", "volumeSnapshotContentName");
    fails(422, () -> api().create(Resource.VOLUME_SNAPSHOTS, both));
    KubeObject neither = both.with(Json.Obj.EMPTY, "spec", "source");
    fails(422, () -> api().create(Resource.VOLUME_SNAPSHOTS, neither));
    KubeObject made =
        api()
            .create(
                Resource.VOLUME_SNAPSHOTS,
                both.without("spec", "source", "volumeSnapshotContentName"));
    KubeObject other = made.with("other", "spec", "source", "persistentVolumeClaimName");
    fails(422, () -> api().replace(Resource.VOLUME_SNAPSHOTS, other));
    KubeObject nameless = made.with("", "spec", "volumeSnapshotClassName");
    fails(422, () -> api().replace(Resource.VOLUME_SNAPSHOTS, nameless));
    api().replace(Resource.VOLUME_SNAPSHOTS, made.with("c", "spec", "volumeSnapshotClassName"));
  }

  @Test
  void prunesAndRefusesByTheSchema() throws KubeException {
    KubeObject made = api().create(UPLOADS, upload("pruned").with("x", "spec", "unheardOf"));
    assertNull(made.at("spec", "unheardOf"));
    KubeObject incomplete = upload("incomplete").without("spec", "sourcePVC");
    assertTrue(fails(422, () -> api().create(UPLOADS, incomplete)).isInvalid());
    fails(422, () -> api().replace(UPLOADS, made.with("", "status", "phase")));
    fails(422, () -> api().replace(UPLOADS, made.with("yes", "spec", "cancel")));
    fails(422, () -> api().replace(UPLOADS, made.with("noon", "status", "startTimestamp")));
    KubeObject nothing = made.with(Json.Null.NULL, "spec", "dataMoverConfig");
    assertEquals("data", api().replace(UPLOADS, nothing).text("spec", "sourcePVC"));
  }

  @Test
  void refusesBadNamesAndLabels() {
    fails(422, () -> api().create(Resource.CONFIG_MAPS, configMap("Big_Name")));
    KubeObject labelled = configMap("label").withLabel("a", "x".repeat(64));
    fails(422, () -> api().create(Resource.CONFIG_MAPS, labelled));
    fails(422, () -> api().create(Resource.CONFIG_MAPS, configMap("label").withLabel("a b", "x")));
  }

  @Test
  void builtInKindsNeedTheirParts() throws KubeException {
    KubeObject empty = pod("empty").with(Json.Arr.EMPTY, "spec", "containers");
    fails(422, () -> api().create(Resource.PODS, empty));
    Json.Obj mount = Json.Obj.EMPTY.with("name", "v").with("mountPath", "/v");
    KubeObject unmounted =
        pod("unmounted")
            .with(
                Json.Arr.of(
                    Json.Obj.EMPTY
                        .with("name", "main")
                        .with("image", "none")
                        .with("volumeMounts", Json.Arr.of(mount))),
                "spec",
                "containers");
    fails(422, () -> api().create(Resource.PODS, unmounted));
    KubeObject claim =
        KubeObject.of(Resource.CLAIMS, namespace(), "parts")
            .with("1Gi", "spec", "resources", "requests", "storage")
            .with("", "spec", "storageClassName");
    fails(422, () -> api().create(Resource.CLAIMS, claim));
    Json.Arr modes = Json.Arr.ofStrings(List.of("ReadWriteOnce"));
    KubeObject made = api().create(Resource.CLAIMS, claim.with(modes, "spec", "accessModes"));
    fails(422, () -> api().replace(Resource.CLAIMS, made.with("x", "spec", "storageClassName")));
    KubeObject event =
        KubeObject.of(Resource.EVENTS, namespace(), "parts")
            .with("x", "reason")
            .with("Pod", "involvedObject", "kind");
    fails(422, () -> api().create(Resource.EVENTS, event));
    api().create(Resource.EVENTS, event.with(namespace(), "involvedObject", "namespace"));
  }

  @Test
  void patchesMergeAndRemove() throws KubeException {
    KubeObject made = api().create(UPLOADS, upload("patched").with("x", "spec", "datamover"));
    Json.Obj patch =
        KubeObject.of(UPLOADS, namespace(), "patched")
            .with(true, "spec", "cancel")
            .with(Json.Null.NULL, "spec", "datamover")
            .json()
            .without("apiVersion")
            .without("kind")
            .without("metadata");
    KubeObject patched = api().patch(UPLOADS, namespace(), "patched", patch);
    assertTrue(patched.flag("spec", "cancel"));
    assertNull(patched.at("spec", "datamover"));
    assertEquals("data", patched.text("spec", "sourcePVC"));
    Json.Obj guarded =
        new KubeObject(Json.Obj.EMPTY)
            .with(made.resourceVersion(), "metadata", "resourceVersion")
            .with(false, "spec", "cancel")
            .json();
    assertTrue(
        fails(409, () -> api().patch(UPLOADS, namespace(), "patched", guarded)).isConflict());
    fails(404, () -> api().patch(UPLOADS, namespace(), "nobody", patch));
  }

  @Test
  void finalizersDelayDeletion() throws KubeException {
    api().create(UPLOADS, upload("final").withFinalizer("longshore.dev/test"));
    api().delete(UPLOADS, namespace(), "final", DeleteOptions.DEFAULT);
    KubeObject dying = api().get(UPLOADS, namespace(), "final");
    assertTrue(dying.isBeingDeleted());
    assertEquals(2, dying.number("metadata", "generation"));
    api().delete(UPLOADS, namespace(), "final", DeleteOptions.DEFAULT);
    assertEquals(
        dying.resourceVersion(), api().get(UPLOADS, namespace(), "final").resourceVersion());
    fails(422, () -> api().replace(UPLOADS, dying.withFinalizer("longshore.dev/second")));
    KubeObject alive = dying.without("metadata", "deletionTimestamp");
    assertTrue(api().replace(UPLOADS, alive.withLabel("a", "b")).isBeingDeleted());
    KubeObject last = api().get(UPLOADS, namespace(), "final");
    api().replace(UPLOADS, last.withoutFinalizer("longshore.dev/test"));
    fails(404, () -> api().get(UPLOADS, namespace(), "final"));
    fails(404, () -> api().delete(UPLOADS, namespace(), "final", DeleteOptions.DEFAULT));
  }

  @Test
  void unboundPodsGoAtOnce() throws KubeException {
    api().create(Resource.PODS, pod("unbound"));
    api().delete(Resource.PODS, namespace(), "unbound", DeleteOptions.DEFAULT);
    fails(404, () -> api().get(Resource.PODS, namespace(), "unbound"));
  }

  @Test
  void boundPodsWaitForTheirNode() throws KubeException {
    api().create(Resource.PODS, pod("bound").with("no-such-node", "spec", "nodeName"));
    api().delete(Resource.PODS, namespace(), "bound", DeleteOptions.DEFAULT);
    KubeObject dying = api().get(Resource.PODS, namespace(), "bound");
    assertTrue(dying.isBeingDeleted());
    assertEquals(30, dying.number("metadata", "deletionGracePeriodSeconds"));
    api().delete(Resource.PODS, namespace(), "bound", new DeleteOptions(dying.uid(), 0));
    fails(404, () -> api().get(Resource.PODS, namespace(), "bound"));
  }

  @Test
  void specificationsOfPodsStay() throws KubeException {
    KubeObject made = api().create(Resource.PODS, pod("fixed"));
    fails(422, () -> api().replace(Resource.PODS, made.with(true, "spec", "hostNetwork")));
  }

  @Test
  void whatLosesItsOwnerGoes() throws Exception {
    KubeObject owner = api().create(UPLOADS, upload("owner"));
    Json.Arr reference =
        Json.Arr.of(
            Json.Obj.EMPTY
                .with("apiVersion", UPLOADS.apiVersion())
                .with("kind", UPLOADS.kind())
                .with("name", owner.name())
                .with("uid", owner.uid())
                .with("controller", true));
    api()
        .create(
            Resource.CONFIG_MAPS,
            configMap("owned").with(reference, "metadata", "ownerReferences"));
    api()
        .create(
            Resource.CONFIG_MAPS,
            configMap("misled")
                .with(
                    Json.Arr.of(reference.objects().getFirst().with("uid", "not-the-uid")),
                    "metadata",
                    "ownerReferences"));
    collect();
    assertTrue(api().get(Resource.CONFIG_MAPS, namespace(), "owned").isOwnedBy(owner.uid()));
    fails(404, () -> api().get(Resource.CONFIG_MAPS, namespace(), "misled"));
    api().delete(UPLOADS, namespace(), "owner", DeleteOptions.DEFAULT);
    collect();
    fails(404, () -> api().get(Resource.CONFIG_MAPS, namespace(), "owned"));
  }
}
