package dev.longshore.format.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.kdf.KeyDerivation;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.golden.DocumentedSamples;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryFormatTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] UNIQUE_ID = new byte[32];
  private static final byte[] KEY = new byte[32];
  private static final String MINIMAL =
      """
      {"format":{"hash":"BLAKE2S-128","encryption":"AES256-GCM-HMAC-SHA256",
      "secret":"AAEC","masterKey":"AwQF","version":1}}\
      """;

  private static RepositoryFormat decode(String json) throws FormatException {
    return RepositoryFormatReader.decode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static FormatBlob parse(String json) throws FormatException {
    return FormatBlob.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static RepositoryFormat fresh() {
    return RepositoryFormat.create(RepositoryFormat.Choice.DEFAULT, RANDOM);
  }

  @Test
  void absentFieldsGetTheirDefaults() throws IOException {
    RepositoryFormat format = decode(MINIMAL);
    assertEquals(20971520, format.maxPackSize());
    assertEquals(1, format.indexVersion());
    assertEquals(EpochParameters.DISABLED, format.epochParameters());
    assertEquals("FIXED", format.splitter());
    assertFalse(format.enablePasswordChange());
    assertTrue(format.findUpgradeLock().isEmpty());
    assertEquals(List.of(), format.unmetFeatures());
    assertArrayEquals(new byte[] {0, 1, 2}, format.secret().reveal());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"version\":1 | \"version\":0 | format version 0",
        "\"version\":1 | \"version\":4 | format version 4",
        "\"version\":1 | \"x\":1 | format version 0",
        "BLAKE2S-128 | MD5 | hash 'MD5'",
        "AES256-GCM-HMAC-SHA256 | SALSA20 | encryption 'SALSA20'",
        "\"version\":1 | \"version\":1,\"indexVersion\":3 | index version 3",
        "\"version\":1 | \"version\":1,\"ecc\":\"X\",\"eccOverheadPercent\":1 | error correction"
            + " 'X'",
        "\"version\":1 | \"version\":1,\"maxPackSize\":-1 | expected 0..",
        "\"version\":1 | \"version\":1,\"maxPackSize\":9999999999 | expected 0..",
        "AAEC | '' | no secret",
        "AwQF | '' | no secret",
      })
  void refusesWhatCannotBeWorkedWith(String from, String to, String problem) {
    String json = MINIMAL.replace(from, to);
    FormatException e = assertThrows(FormatException.class, () -> decode(json));
    assertTrue(e.toString().contains(problem), e.toString());
  }

  @Test
  void anUnusedErrorCorrectionIsNoneAtAll() throws IOException {
    String json = MINIMAL.replace("\"version\":1", "\"version\":1,\"ecc\":\"REED-SOLOMON-CRC32\"");
    assertEquals(0, decode(json).eccOverheadPercent());
  }

  @Test
  void errorsDoNotShowSecrets() {
    String json = MINIMAL.replace("AAEC", "!!secret!!");
    FormatException e = assertThrows(FormatException.class, () -> decode(json));
    assertFalse(e.toString().contains("!!"), e.toString());
    assertEquals("Secret[32 bytes]", fresh().secret().toString());
    assertFalse(fresh().toString().contains("[B"), "secrets are not raw arrays");
  }

  @Test
  void everyFieldComesBack() throws IOException {
    RequiredFeature unknown = new RequiredFeature("index-v9", false, "m", "u", "1.2");
    RepositoryFormat format =
        fresh()
            .withParameters(2, 12345678, 1, EpochParameters.DEFAULT)
            .withUpgradeLock(lock(Duration.ofHours(3)))
            .withRequiredFeatures(
                List.of(unknown, new RequiredFeature("index-v2", true, "", "", "")));
    byte[] json = RepositoryFormatWriter.encode(format);
    assertEquals(format, RepositoryFormatReader.decode(json));
    assertEquals(List.of(unknown), format.unmetFeatures());
  }

  @Test
  void whatAVersionImpliesIsSetInNewFormats() {
    RepositoryFormat old =
        RepositoryFormat.create(
            new RepositoryFormat.Choice(1, "BLAKE2S-128", "x", "FIXED", 10), RANDOM);
    assertEquals(1, old.indexVersion());
    assertEquals("", old.ecc());
    assertFalse(old.enablePasswordChange());
    assertFalse(old.epochParameters().enabled());
    assertFalse(old.supportsContentCompression());
    assertTrue(fresh().enablePasswordChange());
    assertTrue(fresh().supportsContentCompression());
    assertEquals(EpochParameters.DEFAULT, fresh().epochParameters());
    assertNotEquals(fresh().secret(), fresh().secret());
  }

  @Test
  void aNewBlobOpensWithItsKeyOnly() throws IOException {
    RepositoryFormat format = fresh();
    FormatBlob blob =
        FormatBlobCodec.create(format, UNIQUE_ID, KeyDerivation.SCRYPT_65536_8_1, KEY, RANDOM);
    FormatBlob read = FormatBlob.parse(blob.encode());
    assertEquals(format, FormatBlobCodec.open(read, KEY));
    assertEquals("scrypt-65536-8-1", read.keyAlgorithm());
    assertArrayEquals(blob.encode(), read.encode());
    byte[] other = KEY.clone();
    other[0] = 1;
    assertThrows(UnauthenticException.class, () -> FormatBlobCodec.open(read, other));
    FormatBlob changed = FormatBlobCodec.reseal(read, format, other, RANDOM);
    assertEquals(format, FormatBlobCodec.open(changed, other));
    assertThrows(UnauthenticException.class, () -> FormatBlobCodec.open(changed, KEY));
  }

  @Test
  void retentionSettingsComeBack() throws IOException {
    FormatBlob blob =
        FormatBlobCodec.create(fresh(), UNIQUE_ID, KeyDerivation.SCRYPT_65536_8_1, KEY, RANDOM);
    BlobRetention retention = new BlobRetention("GOVERNANCE", Duration.ofDays(2));
    byte[] stored = FormatBlobCodec.sealRetention(blob, retention, KEY, RANDOM);
    assertEquals(retention, FormatBlobCodec.openRetention(blob, stored, KEY));
    assertEquals(30, FormatBlobCodec.sealRetention(blob, BlobRetention.NONE, KEY, RANDOM).length);
    assertEquals(
        "{\"retentionMode\":\"GOVERNANCE\",\"retentionPeriod\":172800000000000}",
        new String(retention.encode(), StandardCharsets.UTF_8));
  }

  @Test
  void retentionAppliesByPrefix() {
    for (String id :
        List.of("n1", "xe3", "kopia.repository.backup.me", "kopia.blobcfg", "p", "q1")) {
      assertTrue(BlobRetention.appliesTo(new BlobId(id)), id);
    }
    for (String id : List.of("kopia.maintenance", "s1", "_log_1", "m1", "l1")) {
      assertFalse(BlobRetention.appliesTo(new BlobId(id)), id);
    }
  }

  @Test
  void retentionNeedsModeAndADay() {
    assertEquals(List.of(), BlobRetention.NONE.problems());
    assertEquals(List.of(), new BlobRetention("COMPLIANCE", Duration.ofDays(1)).problems());
    assertEquals(1, new BlobRetention("COMPLIANCE", Duration.ofHours(23)).problems().size());
    assertEquals(1, new BlobRetention("", Duration.ofDays(2)).problems().size());
    assertEquals(1, new BlobRetention("GOVERNANCE", Duration.ZERO).problems().size());
    assertEquals(1, new BlobRetention("X", Duration.ofDays(1)).problems().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "{\"uniqueID\":\"AAECAwQFBgcICQoLDA0=\",\"encryption\":\"AES256_GCM\"}"
      })
  void refusesBlobsWithoutAUniqueId(String json) {
    assertThrows(CorruptException.class, () -> parse(json));
  }

  @Test
  void refusesOtherEncryptionsAndKeyDerivations() throws IOException {
    String json =
        "{\"uniqueID\":\"AAECAwQFBgcICQoLDA0ODw==\",\"keyAlgo\":\"md5\",\"encryption\":\"AES256_GCM\"}";
    FormatBlob blob = parse(json);
    assertThrows(
        UnsupportedFormatException.class, () -> FormatBlobCodec.deriveFormatKey(blob, "x"));
    assertThrows(UnsupportedFormatException.class, () -> parse(json.replace("AES256_GCM", "NONE")));
    assertThrows(UnauthenticException.class, () -> FormatBlobCodec.open(blob, KEY));
  }

  @Test
  void refusesAHugeBlob() {
    assertThrows(
        CorruptException.class, () -> FormatBlob.parse(new byte[FormatBlob.MAX_BYTES + 1]));
  }

  @Test
  void defaultEpochParametersKeepTheirOwnRules() {
    assertEquals(List.of(), EpochParameters.DEFAULT.problems());
    assertEquals(List.of(), EpochParameters.DISABLED.problems());
    assertEquals(List.of(), fresh().parameterProblems());
    Duration zero = Duration.ZERO;
    EpochParameters bad =
        new EpochParameters(true, Duration.ofSeconds(1), 0, zero, zero, 9, 1000, 0);
    assertEquals(6, bad.problems().size());
    assertEquals(
        2, fresh().withParameters(3, 1, 3, EpochParameters.DEFAULT).parameterProblems().size());
  }

  private static UpgradeLock lock(Duration notice) {
    return new UpgradeLock(
        "me",
        Instant.parse("2026-01-01T00:00:00Z"),
        notice,
        Duration.ofMinutes(15),
        Duration.ofMinutes(1),
        "Upgrading",
        Duration.ofMinutes(5));
  }

  @Test
  void aLockWithoutNoticeLocksAtOnce() {
    UpgradeLock lock = lock(Duration.ZERO);
    assertTrue(lock.isLocked(lock.creationTime()));
    assertFalse(lock.isFullyEstablished(lock.creationTime().plus(Duration.ofMinutes(34))));
    assertTrue(lock.isFullyEstablished(lock.creationTime().plus(Duration.ofMinutes(35))));
  }

  @Test
  void aLockWithNoticeLocksOneDrainBeforeTheUpgrade() {
    UpgradeLock lock = lock(Duration.ofHours(3));
    assertEquals(lock.creationTime().plus(Duration.ofHours(3)), lock.upgradeTime());
    assertFalse(lock.isLocked(lock.creationTime().plus(Duration.ofMinutes(144))));
    assertTrue(lock.isLocked(lock.creationTime().plus(Duration.ofMinutes(145))));
  }

  @Test
  void theDocumentationShowsABlobThatOpens() throws IOException {
    DocumentedSamples page = DocumentedSamples.of("format-blob.md");
    String outer = String.join("\n", page.block("json outer")) + "\n";
    FormatBlob blob = parse(outer);
    assertEquals(outer, new String(blob.encode(), StandardCharsets.UTF_8));
    RepositoryFormat format = FormatBlobCodec.open(blob, page.hex("format-key"));
    assertEquals(
        page.json("inner"),
        new String(RepositoryFormatWriter.encode(format), StandardCharsets.UTF_8));
    BlobRetention retention = new BlobRetention("GOVERNANCE", Duration.ofDays(2));
    assertEquals(page.json("retention"), new String(retention.encode(), StandardCharsets.UTF_8));
  }
}
