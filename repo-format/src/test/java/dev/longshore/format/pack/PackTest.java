package dev.longshore.format.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.fuzz.Fuzz;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;
import dev.longshore.format.seal.SealedLocalIndex;
import dev.longshore.format.session.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackTest {
  private static final byte[] NO_COPY = new byte[0];

  private static RepositoryCrypto crypto(String hash, int eccPercent) throws IOException {
    RepositoryFormat.Choice choice =
        new RepositoryFormat.Choice(3, hash, "CHACHA20-POLY1305-HMAC-SHA256", "FIXED", eccPercent);
    return RepositoryCrypto.create(
        RepositoryFormat.create(choice, new SecureRandom()), new SecureRandom());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BLAKE2B-256-128", "HMAC-SHA224", "BLAKE3-256"})
  void whatGoesIntoAPackComesOutOfItByItsOwnIndex(String hash) throws IOException {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      RepositoryCrypto crypto = crypto(hash, seed % 2 == 0 ? 0 : 10);
      byte[] copy = seed < 3 ? NO_COPY : FormatCopy.encode(new byte[1000]);
      PackLayout pack = new PackLayout(copy, random);
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      written.writeBytes(pack.start());
      BlobId id = PackLayout.newBlobId("p", random, new SessionId("s1"));
      List<IndexEntry> entries = new ArrayList<>();
      List<byte[]> contents = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] plain = new byte[random.nextInt(9000)];
        random.nextBytes(plain);
        ContentId content = crypto.contentId(ContentId.NO_PREFIX, plain, 0, plain.length);
        byte[] sealed = crypto.sealContent(content, plain, 0, plain.length);
        assertEquals(crypto.sealedLength(plain.length), sealed.length);
        int offset = pack.reserve(sealed.length);
        assertEquals(written.size(), offset);
        written.writeBytes(sealed);
        entries.add(
            new IndexEntry(content, id, offset, sealed.length, plain.length, 0, false, i, 3, 0));
        contents.add(plain);
      }
      int contentsEnd = pack.length();
      byte[] localIndex = IndexBuilder.of(entries).build(2, random);
      written.writeBytes(pack.end(crypto.sealLocalIndex(localIndex)));
      byte[] bytes = written.toByteArray();
      assertEquals(bytes.length, pack.length());

      byte[] tail = Arrays.copyOfRange(bytes, Math.max(0, bytes.length - 8192), bytes.length);
      Postamble postamble = PackRecovery.locate(tail, bytes.length);
      long padding = postamble.localIndexOffset() - contentsEnd;
      assertTrue(padding >= 1 && padding <= 4096);
      assertEquals(0, postamble.localIndexOffset() % 4096);
      List<IndexEntry> found = new ArrayList<>();
      PackRecovery.open(crypto, postamble, bytes, 0).forEach(found::add);
      assertEquals(IndexBuilder.of(entries).sorted(), found);
      for (int i = 0; i < entries.size(); i++) {
        IndexEntry entry = entries.get(i);
        assertArrayEquals(
            contents.get(i),
            crypto.openContent(entry.contentId(), bytes, entry.packOffset(), entry.packedLength()));
      }
    }
  }

  @Test
  void paddingIsNeverEmpty() {
    PackLayout pack = new PackLayout(NO_COPY, new Random(1));
    pack.reserve(4096 - 32);
    byte[] end = pack.end(new SealedLocalIndex(new byte[16], new byte[100]));
    assertEquals(4096 + 100 + new Postamble(new byte[16], 8192, 100).encode().length, end.length);
  }

  @Test
  void contentsBeginBehindTheCopyAndThePreamble() {
    PackLayout pack = new PackLayout(new byte[] {1, 2}, new Random(1));
    assertTrue(pack.isEmpty());
    assertEquals(34, pack.length());
    assertEquals(34, pack.reserve(100_000));
    assertFalse(pack.isEmpty());
    assertEquals(100_034, pack.reserve(1));
    byte[] start = pack.start();
    assertArrayEquals(new byte[] {1, 2}, Arrays.copyOf(start, 2));
    assertFalse(Arrays.equals(start, new PackLayout(new byte[] {1, 2}, new Random(2)).start()));
    pack.end(new SealedLocalIndex(new byte[16], new byte[1]));
    assertThrows(IllegalStateException.class, () -> pack.reserve(1));
    assertThrows(
        IllegalStateException.class,
        () -> pack.end(new SealedLocalIndex(new byte[16], new byte[1])));
  }

  @Test
  void writesThePostambleOfTheWorkedExample() throws IOException {
    byte[] iv = HexFormat.of().parseHex("7b020b3bbfca0550fc85a1743f57bcf7");
    byte[] bytes = new Postamble(iv, 4096, 175).encode();
    assertEquals(
        "01107b020b3bbfca0550fc85a1743f57bcf78020af014bf0cdd11a", HexFormat.of().formatHex(bytes));
    Postamble read = Postamble.find(bytes, 4298).orElseThrow();
    assertArrayEquals(iv, read.iv());
    assertEquals(4096, read.localIndexOffset());
    assertEquals(175, read.localIndexLength());
  }

  @Test
  void refusesALocalIndexOutsideThePack() {
    byte[] bytes = new Postamble(new byte[16], 4096, 175).encode();
    assertThrows(CorruptException.class, () -> Postamble.find(bytes, 4096 + 175));
    byte[] far = new Postamble(new byte[16], Long.MAX_VALUE >>> 1, 1).encode();
    assertThrows(CorruptException.class, () -> Postamble.find(far, 4298));
  }

  @Test
  void aPackWithoutPostambleHasNone() throws IOException {
    assertTrue(Postamble.find(new byte[0], 0).isEmpty());
    assertTrue(Postamble.find(new byte[5000], 5000).isEmpty());
    assertThrows(CorruptException.class, () -> PackRecovery.locate(new byte[5000], 5000));
    byte[] bytes = new Postamble(new byte[16], 4096, 175).encode();
    bytes[3] ^= 1;
    assertTrue(Postamble.find(bytes, 4298).isEmpty());
  }

  @Test
  void refusesALocalIndexThatWasNotRead() throws IOException {
    RepositoryCrypto crypto = crypto("BLAKE2S-128", 0);
    Postamble postamble = new Postamble(new byte[16], 4096, 175);
    assertThrows(
        CorruptException.class, () -> PackRecovery.open(crypto, postamble, new byte[300], 4097));
    assertThrows(
        CorruptException.class, () -> PackRecovery.open(crypto, postamble, new byte[4100], 0));
  }

  @Test
  void packNamesCarryTheSession() {
    SessionId session = SessionId.generate(new Random(1), Instant.parse("2026-11-21T00:00:00Z"));
    BlobId id = PackLayout.newBlobId("q", new Random(2), session);
    assertTrue(id.value().matches("q[0-9a-f]{32}-s[0-9a-f]{16}147"), id.value());
    assertEquals(session, SessionId.ofBlob(id).orElseThrow());
  }

  @Test
  void damagedPostamblesAreRefusedOrWithinThePack() {
    byte[] valid = new Postamble(new byte[28], 40960, 70000).encode();
    Fuzz.run(
        1,
        List.of(valid),
        bytes -> {
          sum(bytes);
          Postamble.find(bytes, 120000)
              .ifPresent(postamble -> {
                long end = postamble.localIndexOffset() + postamble.localIndexLength();
                if (postamble.localIndexOffset() < 0 || end > 120000) {
                  throw new AssertionError("outside");
                }
              });
        });
  }

  /// Makes the length byte and the checksum right again, else nothing behind them is ever reached.
  private static void sum(byte[] bytes) {
    if (bytes.length < 6 || bytes.length > 256) {
      return;
    }
    int end = bytes.length - 1;
    bytes[end] = (byte) end;
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, end - 4);
    for (int i = 0; i < 4; i++) {
      bytes[end - 4 + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
    }
  }

  @Test
  void damagedFormatCopiesAreNotFound() {
    byte[] blob = "a format blob".getBytes(StandardCharsets.US_ASCII);
    Fuzz.run(
        2,
        List.of(FormatCopy.encode(blob)),
        bytes -> {
          FormatCopy.findAtStart(bytes).ifPresent(found -> assertArrayEquals(blob, found));
          FormatCopy.findAtEnd(bytes).ifPresent(found -> assertArrayEquals(blob, found));
        });
  }

  @Test
  void refusesToCopyAnOverlongFormatBlob() {
    assertThrows(IllegalArgumentException.class, () -> FormatCopy.encode(new byte[64969]));
    byte[] longest = new byte[64968];
    assertArrayEquals(longest, FormatCopy.findAtStart(FormatCopy.encode(longest)).orElseThrow());
  }

  @Test
  void theDocumentationShowsTheBytesThatAreWritten() throws IOException {
    DocumentedSamples page = DocumentedSamples.of("pack.md");
    byte[] iv = HexFormat.of().parseHex("7b020b3bbfca0550fc85a1743f57bcf7");
    assertArrayEquals(page.hex("postamble"), new Postamble(iv, 4096, 175).encode());
    byte[] blob = "{}".getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(page.hex("format-copy"), FormatCopy.encode(blob));
  }
}
