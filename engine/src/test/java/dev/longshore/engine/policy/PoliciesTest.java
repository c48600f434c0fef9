package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoliciesTest {
  private static final SourceInfo SOURCE = new SourceInfo("h", "u", "/data/db");

  /// Manifests in a list.
  private static final class Manifests implements ManifestWriter {
    private final List<ManifestEntry> entries = new ArrayList<>();
    private int next;

    @Override
    public List<ManifestEntry> find(Map<String, String> labels) {
      return entries.stream().filter(entry -> entry.matches(labels)).toList();
    }

    @Override
    public Optional<ManifestEntry> get(ManifestId id) {
      return entries.stream().filter(entry -> entry.id().equals(id)).findFirst();
    }

    @Override
    public ManifestId put(Map<String, String> labels, byte[] payload) {
      ManifestId id = new ManifestId("id" + next);
      entries.add(new ManifestEntry(id, labels, Instant.ofEpochSecond(next++), false, payload));
      return id;
    }

    @Override
    public void delete(ManifestId id) {
      entries.removeIf(entry -> entry.id().equals(id));
    }

    @Override
    public ManifestId replace(Map<String, String> labels, byte[] payload) {
      entries.removeIf(entry -> entry.labels().equals(labels));
      return put(labels, payload);
    }
  }

  private final Manifests manifests = new Manifests();
  private final Policies policies = new Policies(manifests);

  private static Policy policy(String json) throws IOException {
    return Policy.decode(PolicyVectors.utf8(json));
  }

  private void set(SourceInfo target, String json) throws IOException {
    Policies.set(manifests, target, policy(json));
  }

  private static SourceInfo path(String path) {
    return new SourceInfo("h", "u", path);
  }

  @Test
  void climbsFromThePathToTheGlobalPolicy() throws IOException {
    set(SourceInfo.GLOBAL, "{}");
    set(new SourceInfo("h", "", ""), "{}");
    set(new SourceInfo("h", "u", ""), "{}");
    set(path("/"), "{}");
    set(path("/data"), "{}");
    set(path("/data/db"), "{}");
    set(path("/data/db/x"), "{}");
    set(path("/other"), "{}");
    set(new SourceInfo("h2", "u", "/data"), "{}");
    set(new SourceInfo("h", "u2", ""), "{}");
    assertEquals(
        List.of("u@h:/data/db", "u@h:/data", "u@h:/", "u@h", "@h", "(global)"),
        policies.hierarchy(SOURCE).stream().map(entry -> entry.target().toString()).toList());
    assertEquals(10, policies.all().size());
    assertEquals(1, policies.hierarchy(SourceInfo.GLOBAL).size());
    assertEquals(2, policies.hierarchy(new SourceInfo("h", "", "")).size());
    assertEquals(3, policies.hierarchy(new SourceInfo("h", "u", "")).size());
  }

  @Test
  void beginsTheHierarchyWithTheTargetEvenIfItHasNoPolicy() throws IOException {
    set(new SourceInfo("h", "u", ""), "{}");
    assertEquals(new TargetPolicy(SOURCE, Policy.UNSET), policies.hierarchy(SOURCE).getFirst());
    assertEquals(2, policies.hierarchy(SOURCE).size());
  }

  @Test
  void laysPoliciesOverEachOther() throws IOException {
    set(SourceInfo.GLOBAL, "{\"retention\":{\"keepLatest\":9,\"keepDaily\":8}}");
    set(path("/data"), "{\"retention\":{\"keepLatest\":5}}");
    EffectivePolicy effective = policies.effective(SOURCE);
    assertEquals(5L, effective.policy().retention().keepLatest());
    assertEquals(8L, effective.policy().retention().keepDaily());
    assertEquals(48L, effective.policy().retention().keepHourly());
    assertEquals(path("/data"), effective.definedBy("retention.keepLatest").orElseThrow());
    assertEquals(Optional.empty(), policies.defined(SOURCE));
  }

  @Test
  void usesPoliciesBelowTheSourceRaw() throws IOException {
    set(path("/data/db/tmp"), "{\"files\":{\"ignore\":[\"*\"]}}");
    set(path("/data/dbx"), "{}");
    PolicyTree tree = policies.tree(SOURCE);
    assertEquals("zstd-fastest", tree.policy().metadataCompressor());
    PolicyTree below = tree.child("tmp");
    assertEquals("", below.policy().metadataCompressor());
    assertEquals(null, below.policy().upload().parallelUploadAboveSizeBytes());
    assertEquals(List.of("*"), below.policy().files().ignoreRules());
    assertEquals(Optional.empty(), tree.child("x").defined());
  }

  @Test
  void takesTheNewestOfSeveral() throws IOException {
    Map<String, String> labels = Policy.labelsOf(SOURCE);
    manifests.put(labels, PolicyVectors.utf8("{\"retention\":{\"keepLatest\":1}}"));
    manifests.put(labels, PolicyVectors.utf8("{\"retention\":{\"keepLatest\":2}}"));
    assertEquals(2L, policies.defined(SOURCE).orElseThrow().retention().keepLatest());
    set(SOURCE, "{}");
    assertEquals(1, manifests.entries.size());
    assertEquals(true, Policies.remove(manifests, SOURCE));
    assertEquals(false, Policies.remove(manifests, SOURCE));
  }

  @Test
  void refusesPoliciesThatContradictThemselves() {
    assertThrows(
        IllegalArgumentException.class,
        () -> set(SOURCE, "{\"scheduling\":{\"manual\":true,\"intervalSeconds\":60}}"));
    assertThrows(
        IllegalArgumentException.class,
        () -> set(SOURCE, "{\"upload\":{\"maxParallelSnapshots\":2}}"));
    assertThrows(IllegalArgumentException.class, () -> set(path("/data/"), "{}"));
    assertEquals(0, manifests.entries.size());
  }

  @Test
  void reportsAManifestThatIsNoPolicy() {
    manifests.put(Policy.labelsOf(SOURCE), PolicyVectors.utf8("[]"));
    RepositoryException e =
        assertThrows(RepositoryException.class, () -> policies.effective(SOURCE));
    assertEquals(DamagedException.class, e.getClass());
  }
}
