package dev.longshore.engine.blob.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardingTest {
  private static String path(Sharding sharding, String id) {
    return sharding.path(new BlobId(id)).orElseThrow();
  }

  private static Sharding parse(String json) throws CorruptException {
    return Sharding.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void placesNamesAsKopiaDoes() {
    Sharding sharding = Sharding.of(Sharding.NEW);
    assertEquals(
        "q/625/9baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147.f",
        path(sharding, "q6259baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147"));
    assertEquals(
        "x/n0_/751ad2fc14ca95899b77157d3f7dfe7d-scbd7-c1.f",
        path(sharding, "xn0_751ad2fc14ca95899b77157d3f7dfe7d-scbd7-c1"));
    assertEquals("_/log/_20261121090152_1234.f", path(sharding, "_log_20261121090152_1234"));
    assertEquals("xe8.f", path(sharding, "xe8"));
    assertEquals("kopia.repository.f", path(sharding, "kopia.repository"));
    assertEquals("k/opi/a.repository.backup.me.f", path(sharding, "kopia.repository.backup.me"));
  }

  @Test
  void followsOverridesInOrder() throws Exception {
    Sharding sharding =
        parse(
            """
            {"default":[1,3],"maxNonShardedLength":12,"overrides":[
              {"prefix":"p","shards":[2,3,1]},{"prefix":"x","shards":[4]}]}
            """);
    assertEquals("pd/d41/e/0123456789.f", path(sharding, "pdd41e0123456789"));
    assertEquals("xn0_/c4b4567890.f", path(sharding, "xn0_c4b4567890"));
    assertEquals("k/opi/a.repository.f", path(sharding, "kopia.repository"));
  }

  @Test
  void stopsWhenTheRestIsNoLongerThanTheNextFolder() {
    Sharding sharding = new Sharding(List.of(3, 3), 0, List.of());
    assertEquals("abc.f", path(sharding, "abc"));
    assertEquals("abc/d.f", path(sharding, "abcd"));
    assertEquals("abc/def.f", path(sharding, "abcdef"));
    assertEquals("abc/def/g.f", path(sharding, "abcdefg"));
  }

  @Test
  void flatStoresHaveNoFolders() {
    String id = "q6259baee6034f328f8f7fbe9b4a4a12e";
    assertEquals(id + ".f", path(Sharding.of(List.of()), id));
  }

  @Test
  void neverLeavesItsFolder() {
    Sharding sharding = new Sharding(List.of(2), 3, List.of());
    assertEquals(Optional.empty(), sharding.path(new BlobId("..abcdef")));
    assertEquals(Optional.empty(), new Sharding(List.of(1), 0, List.of()).path(new BlobId(".a")));
  }

  @Test
  void encodesAsKopiaDoes() throws Exception {
    assertEquals(
        "{\"default\":[1,3],\"maxNonShardedLength\":20}\n",
        new String(Sharding.of(Sharding.NEW).encode(), StandardCharsets.UTF_8));
    String text =
        "{\"default\":[3,3],\"maxNonShardedLength\":20,\"overrides\":"
            + "[{\"prefix\":\"p\",\"shards\":[2,2]}]}\n";
    assertEquals(text, new String(parse(text).encode(), StandardCharsets.UTF_8));
  }

  @Test
  void takesNullForFlat() throws Exception {
    assertEquals(List.of(), parse("{\"default\":null,\"maxNonShardedLength\":20}").shards());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"default\":[0]}",
        "{\"default\":[-1]}",
        "{\"default\":[1.5]}",
        "{\"default\":7}",
        "{\"default\":[1]",
        "{\"maxNonShardedLength\":-1}"
      })
  void rejectsNonsense(String json) {
    assertThrows(CorruptException.class, () -> parse(json));
  }
}
