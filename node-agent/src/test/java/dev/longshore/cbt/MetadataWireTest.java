package dev.longshore.cbt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetadataWireTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static MetadataMessage answer(byte[] bytes) throws MetadataException {
    return MetadataWire.answer(ByteBuffer.wrap(bytes));
  }

  @Test
  void writesRequestsAsProtobufHasThem() {
    assertArrayEquals(
        hex("0a0174 12026e73 1a0173 20ac02"),
        MetadataWire.request(new MetadataQuery.Allocated("ns", "s"), "t", 300));
    assertArrayEquals(
        hex("0a0174 12026e73 1a0162 220173 28808080808080808040"),
        MetadataWire.request(new MetadataQuery.Delta("ns", "b", "s"), "t", 1L << 62));
    assertArrayEquals(
        hex("1a0173"), MetadataWire.request(new MetadataQuery.Allocated("", "s"), "", 0));
  }

  @Test
  void readsAnswers() throws Exception {
    MetadataMessage message =
        answer(hex("0802 10808040 1a06 08808040 1001 1a02 1005 7a03616263 7005"));
    assertEquals(
        new MetadataMessage(2, 1 << 20, List.of(new Extent(1 << 20, 1), new Extent(0, 5))),
        message);
    assertEquals(new MetadataMessage(0, 0, List.of()), answer(new byte[0]));
    assertEquals(-1, answer(hex("10ffffffffffffffffff01")).capacityBytes());
  }

  @Test
  void aKindPastAllNumbersIsNotTakenForOneOfThem() throws Exception {
    assertEquals(Integer.MAX_VALUE, answer(hex("088180808010")).type());
  }

  @Test
  void refusesWhatIsCutOrMisleads() {
    for (String bad :
        List.of(
            "08", // no number
            "1a05 0880", // a range that ends early
            "1aff ffff ff0f", // longer than what there is
            "1affffffffffffffffff01", // a negative length
            "0d00000000", // the kind as four bytes
            "1801", // ranges as a number
            "10ffffffffffffffffffff01", // eleven bytes of number
            "7b", // a group
            "0001", // field 0
            "79 0000")) { // eight bytes cut
      assertThrows(MetadataException.class, () -> answer(hex(bad)), "accepted " + bad);
    }
  }

  @Test
  void whatTheServerForTestsSaysIsUnderstood() throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 200; i++) {
      Extent[] extents = new Extent[random.nextInt(5)];
      Arrays.setAll(
          extents,
          _ ->
              new Extent(
                  random.nextLong() >> random.nextInt(64),
                  random.nextLong() >> random.nextInt(64)));
      MetadataMessage message =
          new MetadataMessage(
              random.nextInt(3), random.nextLong() >> random.nextInt(64), List.of(extents));
      assertEquals(message, answer(MetadataServer.encode(message)));
      MetadataQuery query = new MetadataQuery.Delta("n", "b" + i, "s");
      long offset = random.nextLong() >>> 1;
      assertEquals(
          new MetadataResponder.Asked(query, "t", offset),
          MetadataServer.asked(MetadataWire.request(query, "t", offset), true));
    }
  }

  @Test
  void garbageIsRefusedOrUnderstoodNeverWorse() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 2 && random.nextBoolean()) {
        bytes[0] = (byte) (random.nextBoolean() ? 0x1a : 0x08);
      }
      try {
        int count = answer(bytes).extents().size();
        assertEquals(true, count <= bytes.length / 2);
      } catch (MetadataException e) {
        assertEquals(MetadataException.INVALID, e.code());
      }
    }
  }
}
