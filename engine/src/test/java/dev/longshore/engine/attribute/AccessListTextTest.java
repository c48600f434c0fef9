package dev.longshore.engine.attribute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessListTextTest {
  private static Optional<String> text(String hex) {
    return AccessListText.of(HexFormat.ofDelimiter(" ").parseHex(hex));
  }

  @Test
  void listsAreWrittenAsArchivesHaveThem() {
    assertEquals(
        Optional.of("user::rw-,user:1000:r--,group::---,group:4294967294:-wx,mask::r-x,other::---"),
        text(
            "02 00 00 00"
                + " 01 00 06 00 ff ff ff ff 02 00 04 00 e8 03 00 00 04 00 00 00 ff ff ff ff"
                + " 08 00 03 00 fe ff ff ff 10 00 05 00 ff ff ff ff 20 00 00 00 ff ff ff ff"));
  }

  @Test
  void whatIsNoListHasNoText() {
    for (String hex :
        new String[] {
          "02 00 00 00",
          "03 00 00 00 01 00 06 00 ff ff ff ff",
          "02 00 00 00 01 00 06 00 ff ff ff",
          "02 00 00 00 03 00 06 00 ff ff ff ff",
          "02 00 00 00 01 00 08 00 ff ff ff ff",
        }) {
      assertEquals(Optional.empty(), text(hex), hex);
    }
    assertEquals(Optional.empty(), AccessListText.of(new byte[0]));
  }
}
