package dev.longshore.engine.blob.fs;

import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Whatever `.shards` or a connection file hold, reading them ends with a value or a
/// [CorruptException].
final class FilesystemConfigFuzzTest {
  private static final String[] SAMPLES = {
    "{\"default\":[1,3],\"maxNonShardedLength\":20,\"overrides\":"
        + "[{\"prefix\":\"p\",\"shards\":[2,2]},{\"prefix\":\"x\",\"shards\":null}]}",
    "{\"path\":\"/r\",\"fileMode\":384,\"dirMode\":448,\"uid\":1000,\"gid\":null,"
        + "\"dirShards\":[2,2],\"listParallelism\":4,\"readsPerSecond\":1.5e3}"
  };
  private static final BlobId SOME_BLOB =
      new BlobId("p6259baee6034f328f8f7fbe9b4a4a12e-scbd7e24cbfc09305147");

  @Test
  void neverFailsOtherwise() {
    Seeds.check(3000, FilesystemConfigFuzzTest::mutateAndRead);
  }

  private static void mutateAndRead(RandomGenerator random) {
    byte[] json = SAMPLES[random.nextInt(SAMPLES.length)].getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(4); i >= 0; i--) {
      json[random.nextInt(json.length)] = (byte) "{}[],:\"0-9e.x\\\0".charAt(random.nextInt(15));
    }
    json = Arrays.copyOf(json, json.length - random.nextInt(8));
    try {
      Sharding.parse(json).path(SOME_BLOB);
    } catch (CorruptException e) {
      // as it should
    }
    try {
      FilesystemOptions options = FilesystemOptions.parse(json);
      FilesystemOptions.parse(options.toJson().getBytes(StandardCharsets.UTF_8));
    } catch (CorruptException e) {
      // as it should
    }
  }
}
