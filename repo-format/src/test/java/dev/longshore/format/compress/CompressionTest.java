package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompressionTest {

  @Test
  void isFoundByItsNameAndItsId() {
    for (Compression compression : Compression.values()) {
      assertEquals(Optional.of(compression), Compression.byName(compression.label()));
      assertEquals(Optional.of(compression), Compression.byHeaderId(compression.headerId()));
    }
  }

  @Test
  void knowsNoNameThatMeansNone() {
    for (String name : List.of("", "none", "ZSTD", "zstd-fast")) {
      assertTrue(Compression.byName(name).isEmpty(), name);
    }
    assertTrue(Compression.byHeaderId(0).isEmpty());
    assertTrue(Compression.byHeaderId(0x1104).isEmpty());
  }

  @Test
  void advisesAgainstWhatKopiaCannotReadOrAdvisesAgainst() {
    assertEquals(
        List.of(Compression.ZSTD_BEST_COMPRESSION, Compression.LZ4),
        Arrays.stream(Compression.values()).filter(Compression::deprecated).toList());
    assertFalse(Compression.LZ4.writable());
    assertTrue(Compression.ZSTD_BEST_COMPRESSION.writable());
  }
}
