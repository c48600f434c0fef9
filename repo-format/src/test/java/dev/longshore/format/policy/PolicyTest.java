package dev.longshore.format.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonFuzz;
import dev.longshore.format.json.Upper;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void writesWhatKopiaWrites() throws CorruptException {
    for (String line : Upper.lines("policies.txt")) {
      assertEquals(line, Upper.text(Policy.decode(utf8(line)).encode()));
    }
  }

  @Test
  void writesWhatKopiaStoredUnderTheLabelsKopiaGave() throws CorruptException {
    int policies = 0;
    for (String[] row : Upper.rows("manifests.txt", "content")) {
      for (ManifestEntry entry : ManifestContent.decode(Upper.base64(row[1]))) {
        if (Policy.TYPE.equals(entry.labels().get("type"))) {
          assertEquals(Upper.text(entry.data()), Upper.text(Policy.decode(entry.data()).encode()));
          assertEquals(entry.labels(), Policy.labelsOf(Policy.targetOf(entry.labels())));
          policies++;
        }
      }
    }
    assertEquals(true, policies >= 6, "policies: " + policies);
  }

  @Test
  void tellsUnsetFromZero() throws CorruptException {
    Policy set =
        Policy.decode(utf8("{\"retention\":{\"keepLatest\":0},\"logging\":{\"entries\":null}}"));
    assertEquals(0L, set.retention().keepLatest());
    assertEquals(null, set.retention().keepDaily());
    assertEquals(
        Policy.UNSET, Policy.decode(utf8("{\"future\":1,\"files\":null,\"upload\":{\"x\":[]}}")));
  }

  @Test
  void keepsSectionsThatAreEmpty() {
    assertEquals(
        "{\"retention\":{},\"files\":{},\"errorHandling\":{},\"scheduling\":{},\"compression\":{},"
            + "\"metadataCompression\":{},\"splitter\":{},\"actions\":{},\"osSnapshots\":{"
            + "\"volumeShadowCopy\":{}},\"logging\":{\"directories\":{},\"entries\":{}},\"upload\":{}}",
        Upper.text(Policy.UNSET.encode()));
  }

  @Test
  void labelsTargetsByKind() {
    assertEquals("{policyType=global, type=policy}", Policy.labelsOf(SourceInfo.GLOBAL).toString());
    assertEquals(
        "{hostname=h, policyType=host, type=policy}",
        Policy.labelsOf(new SourceInfo("h", "", "")).toString());
    assertEquals(
        "{hostname=h, policyType=user, type=policy, username=u}",
        Policy.labelsOf(new SourceInfo("h", "u", "")).toString());
    assertEquals(
        "{hostname=h, path=/p, policyType=path, type=policy, username=u}",
        Policy.labelsOf(new SourceInfo("h", "u", "/p")).toString());
  }

  @Test
  void refusesWrongTypes() {
    for (String text :
        List.of(
            "null",
            "[]",
            "{\"retention\":[]}",
            "{\"retention\":{\"keepLatest\":\"1\"}}",
            "{\"retention\":{\"keepLatest\":1.5}}",
            "{\"files\":{\"ignore\":\"*\"}}",
            "{\"scheduling\":{\"timeOfDay\":[3]}}",
            "{\"noParent\":1}")) {
      assertThrows(CorruptException.class, () -> Policy.decode(utf8(text)), text);
    }
  }

  @Test
  void survivesHostileBytes() throws IOException {
    JsonFuzz.run(
        16,
        Upper.lines("policies.txt").stream().map(PolicyTest::utf8).toList(),
        bytes -> {
          Policy policy = Policy.decode(bytes);
          assertEquals(policy, Policy.decode(policy.encode()));
        });
  }
}
