package dev.longshore.bench.compare;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEncoder;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;
import dev.longshore.format.seal.SealedBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A real repository whose index names contents that do not exist, in sealed index blobs of equal
/// size. The ids follow from their numbers, so that whoever knows the seed can ask for them.
final class SyntheticIndex {
  static final String PASSWORD = "synthetic";

  private static final int CONTENTS_PER_PACK = 50;
  private static final int CONTENT_BYTES = 400_000;
  private static final long FIRST_SECOND = 1_780_000_000L;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  static final ClientOptions CLIENT =
      new ClientOptions("bench", "bench", false, false, Optional.empty(), false, Duration.ZERO);

  private SyntheticIndex() {}

  /// The id of the content of a number: evenly spread, and never the same for two.
  static ContentId id(long number) {
    return ofHead(head(number));
  }

  private static long head(long number) {
    return mixed(number * GOLDEN + 1);
  }

  private static ContentId ofHead(long head) {
    byte[] hash = new byte[16];
    ByteBuffer.wrap(hash).putLong(head).putLong(mixed(head ^ GOLDEN));
    return ContentId.of(ContentId.NO_PREFIX, hash);
  }

  /// The finalizer of SplitMix64, a bijection.
  private static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /// Opens the store of a repository.
  static FilesystemStore store(Path folder) throws IOException {
    return FilesystemStore.open(FilesystemOptions.of(folder.toString()));
  }

  /// Makes the repository.
  ///
  /// @param perBlob entries in an index blob; one blob is in memory at a time
  static void make(Path folder, long entries, int perBlob) throws IOException {
    SecureRandom random = new SecureRandom();
    Files.createDirectories(folder);
    try (FilesystemStore store = FilesystemStore.create(FilesystemOptions.of(folder.toString()))) {
      Repositories.create(store, CreateOptions.DEFAULT, PASSWORD, random);
      RepositoryFormat format;
      try (Repository repository =
          Repositories.open(
              SyntheticIndex.store(folder),
              PASSWORD,
              CLIENT,
              OpenOptions.of(Clock.systemUTC(), random))) {
        format = repository.format();
      }
      RepositoryCrypto crypto = RepositoryCrypto.create(format, random);
      int blobs = Math.toIntExact(Math.ceilDiv(entries, (long) perBlob));
      for (int blob = 0; blob < blobs; blob++) {
        long first = (long) blob * perBlob;
        int count = (int) Math.min(perBlob, entries - first);
        byte[] plain = IndexEncoder.encode(2, new Entries(first, count), null);
        SealedBlob sealed = crypto.sealBlob("xn0_", "s%017x-c1".formatted(blob), plain);
        store.put(sealed.id(), ByteBuffer.wrap(sealed.bytes()), PutOptions.NONE);
      }
    }
  }

  /// The entries of one blob in the order of their ids.
  private static final class Entries implements Iterable<IndexEntry> {
    private final long[] heads;
    private final BlobId[] packs;

    Entries(long first, int count) {
      this.heads = new long[count];
      for (int i = 0; i < count; i++) {
        // Unsigned order by signed sorting.
        heads[i] = head(first + i) ^ Long.MIN_VALUE;
      }
      Arrays.sort(heads);
      this.packs = new BlobId[Math.ceilDiv(count, CONTENTS_PER_PACK)];
      for (int i = 0; i < packs.length; i++) {
        long name = mixed(first + i);
        packs[i] = new BlobId("p%016x%016x-s%017x".formatted(name, mixed(name), first));
      }
    }

    @Override
    public Iterator<IndexEntry> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < heads.length;
        }

        @Override
        public IndexEntry next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          long head = heads[next++] ^ Long.MIN_VALUE;
          int place = (int) Long.remainderUnsigned(mixed(head + 7), packs.length);
          int length = (int) (CONTENT_BYTES / 2 + (head >>> 44) % CONTENT_BYTES);
          return new IndexEntry(
              ofHead(head),
              packs[place],
              (int) (head >>> 40),
              length + 28,
              length,
              0,
              false,
              FIRST_SECOND + next % 1000,
              3,
              0);
        }
      };
    }
  }

  /// Arguments: folder, entries, entries in a blob.
  public static void main(String[] args) throws IOException {
    make(Path.of(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]));
  }
}
