import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The index of `SyntheticIndex` in RocksDB, for docs/adr/0010: the same ids with values of 24
/// bytes, as a segment has them; put in sorted batches without a log, compacted, looked up. Not
/// part of any build, as the library weighs 90 MB:
///
/// `java -Xmx224m -cp rocksdbjni-11.8.1.jar bench/src/rocksdb/RocksIndex.java FOLDER ENTRIES
/// LOOK-UPS`
///
/// Prints CPU seconds of building, bytes on disk, and of a second opening look-ups a CPU second of
/// ids that are there, of ids half of which are there, and peak memory.
final class RocksIndex {
  private static final int PER_RUN = 1_000_000;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private RocksIndex() {}

  private static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  private static long head(long number) {
    return mixed(number * GOLDEN + 1);
  }

  private static byte[] key(long head) {
    return ByteBuffer.allocate(17)
        .put((byte) 0)
        .putLong(head)
        .putLong(mixed(head ^ GOLDEN))
        .array();
  }

  private static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static long peakBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
      }
    }
    return -1;
  }

  private static Options options(boolean building) {
    BlockBasedTableConfig table = new BlockBasedTableConfig();
    table.setBlockSize(4096);
    table.setBlockCache(new LRUCache(32 << 20));
    table.setFilterPolicy(new BloomFilter(10));
    table.setIndexType(IndexType.kTwoLevelIndexSearch);
    table.setPartitionFilters(true);
    table.setCacheIndexAndFilterBlocks(true);
    Options options = new Options();
    options.setCreateIfMissing(true);
    options.setCompressionType(CompressionType.NO_COMPRESSION);
    options.setTableFormatConfig(table);
    if (building) {
      options.setWriteBufferSize(32 << 20);
    }
    return options;
  }

  public static void main(String[] args) throws Exception {
    RocksDB.loadLibrary();
    String folder = args[0];
    long entries = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    if (Files.notExists(Path.of(folder, "CURRENT"))) {
      build(folder, entries);
      return;
    }
    double start = cpuSeconds();
    try (Options options = options(false);
        RocksDB db = RocksDB.openReadOnly(options, folder)) {
      double open = cpuSeconds() - start;
      perCpuSecond(db, 400_000, entries, entries);
      double there = perCpuSecond(db, count, entries, entries);
      double half = perCpuSecond(db, count + 1, 2 * entries, entries);
      System.out.printf(Locale.ROOT, "%.2f %.0f %.0f %d%n", open, there, half, peakBytes());
    }
  }

  private static void build(String folder, long entries) throws RocksDBException, IOException {
    double start = cpuSeconds();
    try (Options options = options(true);
        WriteOptions write = new WriteOptions().setDisableWAL(true);
        RocksDB db = RocksDB.open(options, folder)) {
      for (long first = 0; first < entries; first += PER_RUN) {
        long[] heads = new long[(int) Math.min(PER_RUN, entries - first)];
        for (int i = 0; i < heads.length; i++) {
          heads[i] = head(first + i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(heads);
        for (int i = 0; i < heads.length; ) {
          try (WriteBatch batch = new WriteBatch()) {
            for (int end = Math.min(heads.length, i + 1000); i < end; i++) {
              long head = heads[i] ^ Long.MIN_VALUE;
              byte[] value =
                  ByteBuffer.allocate(24).putLong(head).putLong(~head).putLong(i).array();
              batch.put(key(head), value);
            }
            db.write(write, batch);
          }
        }
      }
      db.compactRange();
    }
    long bytes = 0;
    try (var files = Files.list(Path.of(folder))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    System.out.printf(Locale.ROOT, "%.2f %d %d%n", cpuSeconds() - start, bytes, peakBytes());
  }

  private static double perCpuSecond(RocksDB db, int count, long below, long mustBeThere)
      throws RocksDBException {
    SplittableRandom random = new SplittableRandom(count);
    double start = cpuSeconds();
    for (int i = 0; i < count; i++) {
      long number = random.nextLong(below);
      if ((db.get(key(head(number))) != null) != number < mustBeThere) {
        throw new IllegalStateException("the database is wrong about content " + number);
      }
    }
    return count / (cpuSeconds() - start);
  }
}
