package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Legal streams that our own encoders do not make, and illegal ones that are nearly right.
class StreamDetailsTest {
  private static final byte[] HELLO = "hello, hello".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PADDING = HexFormat.of().parseHex("502a4d180300000001fffe");

  @Test
  void readsGzipOfSeveralMembers() throws CorruptException {
    byte[] member = stream(Compression.GZIP, HELLO);
    assertReads(Compression.GZIP, concat(member, member), concat(HELLO, HELLO));
    assertReads(Compression.PGZIP, concat(member, member), concat(HELLO, HELLO));
  }

  @Test
  void readsGzipWithAllOptionalFields() throws CorruptException {
    byte[] member = stream(Compression.GZIP, HELLO);
    member[3] = 0x1f;
    byte[] fields = HexFormat.of().parseHex("0300aabbcc" + "6e616d6500" + "00" + "1234");
    byte[] with =
        concat(Arrays.copyOf(member, 10), fields, Arrays.copyOfRange(member, 10, member.length));
    assertReads(Compression.GZIP, with, HELLO);
  }

  @Test
  void rejectsGzipWithBytesBehindIt() {
    byte[] member = stream(Compression.GZIP, HELLO);
    assertRejects(Compression.GZIP, concat(member, new byte[1]));
    assertRejects(Compression.GZIP, concat(member, Arrays.copyOf(member, 12)));
  }

  @Test
  void rejectsGzipWithAWrongChecksumOrLength() {
    for (int fromEnd = 1; fromEnd <= 8; fromEnd++) {
      byte[] member = stream(Compression.GZIP, HELLO);
      member[member.length - fromEnd] ^= 4;
      assertRejects(Compression.GZIP, member);
    }
  }

  @Test
  void rejectsDeflateWithBytesBehindIt() {
    assertRejects(
        Compression.DEFLATE_DEFAULT,
        concat(stream(Compression.DEFLATE_DEFAULT, HELLO), new byte[1]));
  }

  @Test
  void readsZstdOfSeveralFramesAndSkippableOnes() throws CorruptException {
    byte[] frame = stream(Compression.ZSTD, HELLO);
    assertReads(Compression.ZSTD, concat(PADDING, frame, PADDING, frame), concat(HELLO, HELLO));
  }

  @Test
  void readsEmptyZstdAndS2AndLz4Streams() throws CorruptException {
    assertReads(Compression.ZSTD, new byte[0], new byte[0]);
    assertReads(Compression.S2_DEFAULT, new byte[0], new byte[0]);
    assertReads(Compression.LZ4, new byte[0], new byte[0]);
  }

  @Test
  void rejectsEmptyGzipAndDeflateStreams() {
    assertRejects(Compression.GZIP, new byte[0]);
    assertRejects(Compression.DEFLATE_DEFAULT, new byte[0]);
  }

  @Test
  void writesNoStreamForNothingInS2() {
    assertEquals(0, stream(Compression.S2_DEFAULT, new byte[0]).length);
    assertEquals(0, stream(Compression.S2_BETTER, new byte[0]).length);
  }

  @Test
  void readsPlainSnappyFraming() throws CorruptException {
    byte[] identifier = HexFormat.of().parseHex("ff060000734e61507059");
    // A literal of 7 and a copy of 5 from 7 back.
    byte[] block = concat(new byte[] {12, 6 << 2}, Arrays.copyOf(HELLO, 7), new byte[] {5, 7});
    byte[] snappy = concat(identifier, chunk(0, HELLO, block));
    assertReads(Compression.S2_DEFAULT, snappy, HELLO);
  }

  @Test
  void readsS2WithSkippableChunksAndARepeatedIdentifier() throws CorruptException {
    byte[] stream = stream(Compression.S2_DEFAULT, HELLO);
    byte[] padding = HexFormat.of().parseHex("fe0300000000009901000000");
    assertReads(Compression.S2_DEFAULT, concat(stream, padding, stream), concat(HELLO, HELLO));
  }

  @Test
  void rejectsS2ChunksOfUnknownTypes() {
    byte[] stream = stream(Compression.S2_DEFAULT, HELLO);
    assertRejects(Compression.S2_DEFAULT, concat(stream, HexFormat.of().parseHex("02000000")));
    assertRejects(Compression.S2_DEFAULT, concat(stream, HexFormat.of().parseHex("7f000000")));
    assertRejects(Compression.S2_DEFAULT, Arrays.copyOfRange(stream, 10, stream.length));
  }

  @Test
  void rejectsS2BlocksOfMoreThanFourMebibytes() {
    byte[] start = Arrays.copyOf(stream(Compression.S2_DEFAULT, HELLO), 10);
    byte[] tooLong = concat(start, chunk(0, HELLO, HexFormat.of().parseHex("8180800200")));
    assertRejects(Compression.S2_DEFAULT, tooLong);
  }

  @Test
  void rejectsS2RepeatAsTheFirstCopyOfABlock() throws CorruptException {
    byte[] start = Arrays.copyOf(stream(Compression.S2_DEFAULT, HELLO), 10);
    byte[] plain = {'a', 'a', 'a', 'a', 'a'};
    byte[] withCopy = {5, 0, 'a', 1, 1};
    byte[] withRepeat = {5, 0, 'a', 1, 0};
    assertReads(Compression.S2_DEFAULT, concat(start, chunk(0, plain, withCopy)), plain);
    assertRejects(Compression.S2_DEFAULT, concat(start, chunk(0, plain, withRepeat)));
  }

  @Test
  void readsS2RepeatsOfAllForms() throws CorruptException {
    byte[] start = Arrays.copyOf(stream(Compression.S2_DEFAULT, HELLO), 10);
    // Literal a, copy 4, then repeats of 4, 8, 8+1, 260+2, 65540+3.
    int length = 1 + 4 + 4 + 8 + 9 + 262 + 65_543;
    byte[] plain = new byte[length];
    Arrays.fill(plain, (byte) 'a');
    byte[] block =
        HexFormat.of()
            .parseHex(
                "a78204"
                    + "0061"
                    + "0101"
                    + "0100"
                    + "1100"
                    + "150001"
                    + "19000200"
                    + "1d00030000");
    assertReads(Compression.S2_BETTER, concat(start, chunk(0, plain, block)), plain);
  }

  @Test
  void readsLz4OfSeveralFramesAndSkippableOnes() throws CorruptException {
    byte[] frame = stream(Compression.LZ4, HELLO);
    assertReads(Compression.LZ4, concat(frame, PADDING, frame), concat(HELLO, HELLO));
  }

  @Test
  void rejectsLz4WithBlocksThatDependOnEachOther() {
    byte[] frame = stream(Compression.LZ4, HELLO);
    frame[4] &= (byte) ~(1 << 5);
    assertRejects(Compression.LZ4, frame);
  }

  @Test
  void rejectsLz4WithAWrongChecksum() {
    byte[] frame = stream(Compression.LZ4, HELLO);
    frame[frame.length - 1] ^= 1;
    assertRejects(Compression.LZ4, frame);
    byte[] header = stream(Compression.LZ4, HELLO);
    header[6] ^= 1;
    assertRejects(Compression.LZ4, header);
  }

  private static byte[] chunk(int type, byte[] plain, byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(plain);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    byte[] head = new byte[8];
    LittleEndian.putInt(head, 0, ((body.length + 4) << 8) | type);
    LittleEndian.putInt(head, 4, masked);
    return concat(head, body);
  }

  private static byte[] stream(Compression compression, byte[] plain) {
    byte[] out = new byte[plain.length + 100];
    int length = compression.compressor().compress(plain, 0, plain.length, out, 0, out.length);
    return Arrays.copyOf(out, length);
  }

  private static void assertReads(Compression compression, byte[] stream, byte[] plain)
      throws CorruptException {
    Compressor compressor = compression.compressor();
    assertArrayEquals(plain, compressor.decompress(stream, 0, stream.length, plain.length));
    assertArrayEquals(plain, compressor.decompressUnknown(stream, 0, stream.length, 1 << 20));
  }

  private static void assertRejects(Compression compression, byte[] stream) {
    Compressor compressor = compression.compressor();
    assertThrows(
        CorruptException.class,
        () -> compressor.decompressUnknown(stream, 0, stream.length, 8 << 20));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
