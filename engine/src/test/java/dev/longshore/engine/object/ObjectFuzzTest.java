package dev.longshore.engine.object;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.ObjectId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectFuzzTest {
  @Test
  void damagedListsGiveErrorsOnly() throws Exception {
    try (ObjectBench bench = new ObjectBench("FIXED-128K")) {
      ObjectId chunk = bench.write(new byte[10]);
      String good =
          "{\"stream\":\"kopia:indirect\",\"entries\":[{\"l\":10,\"o\":\""
              + chunk
              + "\"},{\"s\":10,\"l\":10,\"o\":\""
              + chunk
              + "\"}]}\n";
      Seeds.check(
          300,
          random -> {
            byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
              bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            ObjectId id =
                ObjectId.indirect(
                    ObjectId.direct(bench.contents.write('x', bytes, 0, length, Optional.empty())));
            try {
              assertTrue(bench.reader.readAll(id, 1000).length <= 1000);
            } catch (RepositoryException e) {
              assertTrue(String.valueOf(e.getMessage()).length() < 500);
            }
          });
    }
  }
}
