package dev.longshore.format.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.crypto.cipher.BlobCipher;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.format.golden.GoldenRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Format blobs that Kopia wrote.
class FormatBlobGoldenTest {
  static Stream<GoldenRepository> repositories() {
    return GoldenRepository.all();
  }

  @ParameterizedTest
  @MethodSource("repositories")
  void readsTheFormatAsKopiaShowsIt(GoldenRepository repository) throws IOException {
    RepositoryFormat format = repository.format();
    Map<String, String> found = new TreeMap<>();
    found.put("hash", format.hash());
    found.put("encryption", format.encryption());
    found.put("version", "" + format.version());
    found.put("maxPackSize", "" + format.maxPackSize());
    found.put("indexVersion", "" + format.indexVersion());
    found.put("enablePasswordChange", "" + format.enablePasswordChange());
    found.put("splitter", format.splitter());
    if (!format.ecc().isEmpty()) {
      found.put("ecc", format.ecc());
      found.put("eccOverheadPercent", "" + format.eccOverheadPercent());
    }
    Map<String, String> expected = new TreeMap<>();
    repository.expected("format").forEach(line -> expected.put(line[1], line[2]));
    assertEquals(expected, found);
  }

  @ParameterizedTest
  @MethodSource("repositories")
  void writesBothJsonFormsAsKopiaDid(GoldenRepository repository) throws IOException {
    FormatBlob blob = repository.formatBlob();
    assertArrayEquals(repository.blob("kopia.repository"), blob.encode());
    byte[] inner =
        BlobCipher.forFormatBlob(repository.formatKey(), blob.uniqueId(), new SecureRandom())
            .open(blob.encryptedFormat());
    assertEquals(
        new String(inner, StandardCharsets.UTF_8),
        new String(RepositoryFormatWriter.encode(repository.format()), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("repositories")
  void readsRetentionSettings(GoldenRepository repository) throws IOException {
    byte[] stored = repository.blob(BlobRetention.BLOB_NAME);
    assertEquals(
        BlobRetention.NONE,
        FormatBlobCodec.openRetention(repository.formatBlob(), stored, repository.formatKey()));
  }

  @Test
  void takesThePasswordAsUtf8() throws IOException {
    GoldenRepository repository = GoldenRepository.named("v3-small-chunks");
    assertEquals("p\u00e4ssw\u00f6rd \u5bc6\u7801", repository.password());
    assertArrayEquals(
        repository.formatKey(),
        FormatBlobCodec.deriveFormatKey(repository.formatBlob(), repository.password()));
  }

  @Test
  void refusesAWrongKey() throws IOException {
    FormatBlob blob = GoldenRepository.named("v3-default").formatBlob();
    assertThrows(UnauthenticException.class, () -> FormatBlobCodec.open(blob, new byte[32]));
  }

  @Test
  void opensTheMaintenanceScheduleWithTheMasterKey() throws IOException {
    GoldenRepository repository = GoldenRepository.named("epochs");
    byte[] json =
        maintenanceCipher(repository, repository.format())
            .open(repository.blob("kopia.maintenance"));
    assertEquals('{', json[0]);
  }

  @Test
  void takesTheFormatKeyWhereThePasswordCannotChange() throws IOException {
    GoldenRepository repository = GoldenRepository.named("v1");
    BlobCipher byHand =
        BlobCipher.forMaintenance(
            repository.formatKey(), repository.formatBlob().uniqueId(), new SecureRandom());
    byte[] plain = {1, 2, 3};
    assertArrayEquals(
        plain, byHand.open(maintenanceCipher(repository, repository.format()).seal(plain)));
    byte[] cacheKey =
        KeySources.cacheIntegrityKey(
            repository.format(), repository.formatBlob(), repository.formatKey());
    assertEquals(16, cacheKey.length);
    assertFalse(
        Arrays.equals(
            cacheKey,
            KeySources.cacheIntegrityKey(
                repository.format(), repository.formatBlob(), new byte[32])));
  }

  private static BlobCipher maintenanceCipher(GoldenRepository repository, RepositoryFormat format)
      throws IOException {
    return KeySources.maintenanceCipher(
        format, repository.formatBlob(), repository.formatKey(), new SecureRandom());
  }

  @Test
  void opensBlocksSealedByKopiasOwnPackages() throws IOException {
    List<String[]> vectors =
        GoldenRepository.lines("index-vectors.txt").stream()
            .filter(line -> line[0].equals("formatKey"))
            .toList();
    assertEquals(4, vectors.size());
    for (String[] vector : vectors) {
      byte[] uniqueId = HexFormat.of().parseHex(vector[3]);
      FormatBlob.Writer writer = new FormatBlob.Writer("", "", "");
      byte[] sealed = Base64.getDecoder().decode(vector[5]);
      FormatBlob blob = new FormatBlob(writer, uniqueId, vector[1], sealed);
      byte[] key = FormatBlobCodec.deriveFormatKey(blob, vector[2]);
      assertEquals(vector[4], HexFormat.of().formatHex(key));
      byte[] json = BlobCipher.forFormatBlob(key, uniqueId, new SecureRandom()).open(sealed);
      assertEquals("{\"format\":{", new String(json, 0, 11, StandardCharsets.UTF_8));
    }
  }
}
