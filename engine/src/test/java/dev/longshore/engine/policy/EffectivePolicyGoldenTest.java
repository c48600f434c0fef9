package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.testkit.Json;
import dev.longshore.format.policy.CompressionPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EffectivePolicyGoldenTest {
  @Test
  void mergesAsKopiaDoes() throws IOException {
    for (Json c : PolicyVectors.cases("policy-merge.json")) {
      List<TargetPolicy> hierarchy = new ArrayList<>();
      for (Json entry : c.get("hierarchy").list()) {
        Json target = entry.get("target");
        hierarchy.add(
            new TargetPolicy(
                new SourceInfo(
                    target.get("host").text(),
                    target.get("userName").text(),
                    target.get("path").text()),
                Policy.decode(PolicyVectors.utf8(entry.get("policy").text()))));
      }
      EffectivePolicy effective = EffectivePolicy.of(hierarchy);
      assertEquals(
          c.get("merged").text(), new String(effective.policy().encode(), StandardCharsets.UTF_8));
      Map<String, String> expected = new TreeMap<>();
      c.get("definedBy").fields().forEach((setting, from) -> expected.put(setting, from.text()));
      Map<String, String> found = new TreeMap<>();
      effective
          .definedBy()
          .forEach((setting, from) -> {
            // Kopia cannot tell what is from the global policy from what is nowhere.
            if (!from.isGlobal()) {
              found.put(setting, from.userName() + "@" + from.host() + ":" + from.path());
            }
          });
      assertEquals(expected, found);
    }
  }

  @Test
  void givesDefaultsWithoutAnyPolicy() {
    EffectivePolicy effective = EffectivePolicy.of(List.of());
    assertEquals(DefaultPolicy.POLICY, effective.policy());
    assertEquals(SourceInfo.GLOBAL, effective.definedBy("retention.keepLatest").orElseThrow());
    assertEquals(true, effective.definedBy("splitter.algorithm").isEmpty());
  }

  @Test
  void writesTheGlobalPolicyOfANewRepository() {
    byte[] stored = DefaultPolicy.POLICY.encode();
    assertEquals(683, stored.length);
    assertEquals(
        "{\"retention\":{\"keepLatest\":10,\"keepHourly\":48,\"keepDaily\":7,\"keepWeekly\":4,"
            + "\"keepMonthly\":24,\"keepAnnual\":3,\"ignoreIdenticalSnapshots\":false},"
            + "\"files\":{\"ignoreDotFiles\":[\".kopiaignore\"]},\"errorHandling\":{"
            + "\"ignoreFileErrors\":false,\"ignoreDirectoryErrors\":false,"
            + "\"ignoreUnknownTypes\":true},\"scheduling\":{\"runMissed\":true},"
            + "\"compression\":{\"compressorName\":\"none\"},\"metadataCompression\":{"
            + "\"compressorName\":\"zstd-fastest\"},\"splitter\":{},\"actions\":{},"
            + "\"osSnapshots\":{\"volumeShadowCopy\":{\"enable\":0}},\"logging\":{"
            + "\"directories\":{\"snapshotted\":5,\"ignored\":5},\"entries\":{"
            + "\"snapshotted\":0,\"ignored\":5,\"cacheHit\":0,\"cacheMiss\":0}},"
            + "\"upload\":{\"maxParallelSnapshots\":1,\"parallelUploadAboveSize\":2147483648}}",
        new String(stored, StandardCharsets.UTF_8));
  }

  @Test
  void choosesCompressorsAsKopiaDoes() throws IOException {
    for (Json c : PolicyVectors.cases("compression-choice.json")) {
      Json p = c.get("policy");
      CompressionPolicy policy =
          new CompressionPolicy(
              p.text("compressorName", ""),
              texts(p, "onlyCompress"),
              false,
              texts(p, "neverCompress"),
              false,
              p.number("minSize", 0),
              p.number("maxSize", 0));
      assertEquals(
          c.get("out").text(),
          CompressionChoice.forFile(policy, c.get("name").text(), c.get("size").number()),
          c.toString());
    }
    assertEquals("", CompressionChoice.metadata("none"));
    assertEquals("zstd", CompressionChoice.metadata("zstd"));
  }

  private static List<String> texts(Json object, String field) {
    return object.has(field)
        ? object.get(field).list().stream().map(Json::text).toList()
        : List.of();
  }

  @Test
  void takesPathsApartAsKopiaDoes() throws IOException {
    for (Json c : PolicyVectors.cases("source-paths.json")) {
      String expected = c.get("out").text();
      if (c.has("parentOf")) {
        String path = c.get("parentOf").text();
        assertEquals(expected, SourcePaths.parent(path), path);
      } else {
        String from = c.get("from").text();
        String to = c.get("to").text();
        assertEquals(expected, SourcePaths.relative(from, to).orElse(""), from + " to " + to);
      }
    }
  }
}
