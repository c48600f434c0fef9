package dev.longshore.engine.testkit;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.content.ClientIdentity;
import dev.longshore.engine.content.ContentFormat;
import dev.longshore.engine.content.ContentOptions;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.Secret;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Content stores for tests: of formats made up on the spot, or of a repository that is there.
public final class TestContents {
  private static final byte[] SOME_FORMAT_BLOB =
      "{\"tool\":\"a stand-in\"}".getBytes(StandardCharsets.US_ASCII);

  private TestContents() {}

  /// What new repositories have.
  public static RepositoryFormat defaultFormat() {
    return format("BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256");
  }

  /// A format 3 with these algorithms and without error correction.
  public static RepositoryFormat format(String hash, String encryption) {
    return new RepositoryFormat(
        hash,
        encryption,
        "",
        0,
        Secret.of(sequence(1)),
        Secret.of(sequence(2)),
        3,
        RepositoryFormat.DEFAULT_MAX_PACK_SIZE,
        2,
        EpochParameters.DEFAULT,
        true,
        "DYNAMIC-4M-BUZHASH",
        null,
        List.of());
  }

  private static byte[] sequence(int step) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * step + step);
    }
    return bytes;
  }

  /// The default with another pack size, so that a few contents fill a pack.
  public static RepositoryFormat withPackSize(RepositoryFormat format, int maxPackSize) {
    return format.withParameters(
        format.version(), maxPackSize, format.indexVersion(), format.epochParameters());
  }

  /// Format 1 of a format: V0 index sets, index 1, no password change.
  public static RepositoryFormat asVersion1(RepositoryFormat format) {
    return new RepositoryFormat(
        format.hash(),
        format.encryption(),
        "",
        0,
        format.secret(),
        format.masterKey(),
        1,
        format.maxPackSize(),
        1,
        EpochParameters.DISABLED,
        false,
        format.splitter(),
        null,
        List.of());
  }

  /// A format with error correction.
  public static RepositoryFormat withEcc(RepositoryFormat format, int percent) {
    return new RepositoryFormat(
        format.hash(),
        format.encryption(),
        "REED-SOLOMON-CRC32",
        percent,
        format.secret(),
        format.masterKey(),
        format.version(),
        format.maxPackSize(),
        format.indexVersion(),
        format.epochParameters(),
        format.enablePasswordChange(),
        format.splitter(),
        null,
        List.of());
  }

  private static final AtomicLong OPENED = new AtomicLong();

  /// Opens the contents of a made-up repository in any store; an empty store is a new repository.
  /// Each opening has other random numbers, as two with the same would write the same names.
  public static ContentStore open(BlobStore store, RepositoryFormat format, FakeClock clock)
      throws RepositoryException {
    return open(
        store,
        format,
        new ContentStore.Environment(clock, new SeededRandom(OPENED.incrementAndGet()), clock));
  }

  /// As above, with an environment of the test's own.
  public static ContentStore open(
      BlobStore store, RepositoryFormat format, ContentStore.Environment environment)
      throws RepositoryException {
    return open(store, format, OPTIONS, environment);
  }

  /// As above, with options of the test's own.
  public static ContentStore open(
      BlobStore store,
      RepositoryFormat format,
      ContentOptions options,
      ContentStore.Environment environment)
      throws RepositoryException {
    try {
      RepositoryCrypto crypto = RepositoryCrypto.create(format, environment.random());
      ContentFormat contents =
          new ContentFormat(format, crypto, SOME_FORMAT_BLOB, BlobRetention.NONE);
      return ContentStore.open(store, contents, options, environment);
    } catch (FormatException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// What tests open with if they have no wish.
  public static final ContentOptions OPTIONS =
      ContentOptions.of(new ClientIdentity("backup", "node-1"));

  /// Opens the contents of a real repository with its password.
  public static ContentStore open(BlobStore store, String password, FakeClock clock)
      throws IOException {
    byte[] blob = store.get(new BlobId(FormatBlob.BLOB_NAME));
    FormatBlob outer = FormatBlob.parse(blob);
    byte[] key = FormatBlobCodec.deriveFormatKey(outer, password);
    RepositoryFormat format = FormatBlobCodec.open(outer, key);
    SecureRandom random = new SecureRandom();
    ContentFormat contents =
        new ContentFormat(
            format, RepositoryCrypto.create(format, random), blob, BlobRetention.NONE);
    return ContentStore.open(
        store, contents, OPTIONS, new ContentStore.Environment(clock, random, clock));
  }
}
