package dev.longshore.engine.index;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexBuilder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.index.MergedIndex;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Index blobs with random entries, few enough ids that blobs and tombstones meet.
final class RandomBlobs implements IndexBlobSource {
  final Map<BlobId, byte[]> plain = new LinkedHashMap<>();
  private final RandomGenerator random;
  private final int hashLength;
  private final List<ContentId> pool = new ArrayList<>();

  RandomBlobs(RandomGenerator random, int hashLength, int ids) {
    this.random = random;
    this.hashLength = hashLength;
    boolean clustered = random.nextInt(4) == 0;
    for (int i = 0; i < ids; i++) {
      pool.add(randomId(clustered));
    }
  }

  ContentId randomId(boolean clustered) {
    byte[] hash = new byte[hashLength];
    random.nextBytes(hash);
    if (clustered) {
      hash[0] = (byte) (random.nextInt(2) * 255);
      hash[1] = 0;
      hash[2] = 0;
      hash[3] = (byte) random.nextInt(2);
    }
    char prefix = random.nextInt(3) > 0 ? ContentId.NO_PREFIX : (char) ('g' + random.nextInt(20));
    return ContentId.of(prefix, hash);
  }

  List<ContentId> pool() {
    return pool;
  }

  /// Adds a blob of up to so many entries, in a random version.
  BlobId add(int most) {
    int version = 1 + random.nextInt(2);
    IndexBuilder builder = new IndexBuilder();
    int packs = 1 + random.nextInt(40);
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      builder.add(entry(pool.get(random.nextInt(pool.size())), version, packs));
    }
    BlobId id = new BlobId("xn0_%032x".formatted(plain.size()));
    plain.put(id, builder.build(version, random.nextBoolean() ? random : null));
    return id;
  }

  private IndexEntry entry(ContentId id, int version, int packs) {
    int packed = random.nextInt(1 << 24);
    boolean old = version == 1;
    return new IndexEntry(
        id,
        new BlobId((id.hasPrefix() ? "q" : "p") + "%x-s1".formatted(random.nextInt(packs) * 7919L)),
        random.nextInt(1 << 30),
        packed,
        old ? Math.max(0, packed - 28) : random.nextInt(1 << 28),
        old ? 0 : random.nextInt(3) * 0x1000,
        random.nextInt(4) == 0,
        // Times are few, so that the other rules of precedence are needed.
        1_700_000_000L + random.nextInt(3) + (old ? (1L << 40) * random.nextInt(2) : 0),
        1 + random.nextInt(3),
        old ? 0 : random.nextInt(2));
  }

  List<BlobMetadata> listed() {
    return plain.entrySet().stream()
        .map(blob -> new BlobMetadata(blob.getKey(), blob.getValue().length + 28, Instant.EPOCH))
        .toList();
  }

  MergedIndex expected() throws FormatException {
    List<IndexReader> readers = new ArrayList<>();
    for (byte[] blob : plain.values()) {
      readers.add(IndexReader.open(blob));
    }
    return new MergedIndex(readers);
  }

  static RepositoryCrypto crypto(int hashLength) {
    return crypto(hashLength == 16 ? "BLAKE2B-256-128" : "BLAKE2B-256");
  }

  static RepositoryCrypto crypto(String hash) {
    try {
      return RepositoryCrypto.create(
          TestContents.format(hash, "AES256-GCM-HMAC-SHA256"), new SecureRandom());
    } catch (FormatException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public IndexReader read(BlobId id) throws RepositoryException {
    try {
      return IndexReader.open(bytes(id));
    } catch (FormatException e) {
      throw new DamagedException("index blob " + id, e);
    }
  }

  private byte[] bytes(BlobId id) throws NotFoundException {
    byte[] bytes = plain.get(id);
    if (bytes == null) {
      throw new NotFoundException("blob " + id);
    }
    return bytes;
  }

  @Override
  public void copy(BlobId id, FileChannel file) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes(id));
    while (rest.hasRemaining()) {
      file.write(rest);
    }
  }

  @Override
  public void damaged(BlobId id, RepositoryException fault) throws RepositoryException {
    throw fault;
  }
}
