package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.BlockMap;
import java.nio.ByteBuffer;
import java.util.BitSet;

/// Where everything is in a qcow2 file of version 3 that is made in one go.
///
/// | clusters | what |
/// |---|---|
/// | 1 | header: 104 bytes, then an empty list of extensions |
/// | as needed | refcount table: places of the refcount blocks, 8 bytes each |
/// | as needed | refcount blocks: 2 bytes for each cluster of the file, all 1 |
/// | as needed | L1 table: places of the L2 tables, 8 bytes each, 0 where all is zero |
/// | as needed | L2 tables: places of data clusters, 8 bytes each, 0 for zeros |
/// | rest | data clusters, in the order of the volume |
///
/// All numbers are big-endian. A place has its topmost bit set: the cluster is used once. There is
/// no backing file, no snapshot, no encryption or compression.
///
/// Source: QEMU `docs/interop/qcow2.txt`.
final class Qcow2Layout {
  /// The largest volume: its clusters still have numbers of 31 bits.
  static final long MAX_BYTES = BlockMap.MAX_DEVICE_BYTES;

  /// Length of the header.
  static final int HEADER_BYTES = 104;

  private static final int MAGIC = 0x514649fb;
  private static final int VERSION = 3;
  private static final int REFCOUNT_ORDER = 4;
  private static final int MIN_CLUSTER_BITS = 16;
  private static final int MAX_CLUSTER_BITS = 21;
  private static final long MAX_CLUSTERS = 1L << 26;
  private static final long COPIED = 1L << 63;
  private static final int SECTOR = 512;

  private final int clusterBits;
  private final long size;
  private final AllocatedClusters allocated;
  private final long l1Entries;
  private final long refcountTable;
  private final long refcountBlocks;
  private final long l1;
  private final long l2;
  private final long data;
  private final long end;

  /// @param size of the volume in bytes; the image's is rounded up to whole sectors
  /// @param clusters that have bytes, of the size that [#clusterBits] says
  Qcow2Layout(long size, BitSet clusters) {
    this.clusterBits = clusterBits(size);
    this.size = (size + SECTOR - 1) & -SECTOR;
    this.allocated = new AllocatedClusters(clusters);
    this.l1Entries = ceil(this.size, 1L << (2 * clusterBits - 3));
    long l1Clusters = ceil(l1Entries * Long.BYTES, clusterBytes());
    long l2Clusters = 0;
    for (long i = 0; i < l1Entries; i++) {
      l2Clusters += hasTable(i) ? 1 : 0;
    }
    long others = 1 + l1Clusters + l2Clusters + allocated.count();
    long blocks = 0;
    long tables = 0;
    while (true) { // the refcounts count themselves
      long moreBlocks = ceil((others + blocks + tables) * 2, clusterBytes());
      long moreTables = ceil(moreBlocks * Long.BYTES, clusterBytes());
      if (moreBlocks == blocks && moreTables == tables) {
        break;
      }
      blocks = moreBlocks;
      tables = moreTables;
    }
    refcountTable = clusterBytes();
    refcountBlocks = refcountTable + tables * clusterBytes();
    l1 = refcountBlocks + blocks * clusterBytes();
    l2 = l1 + l1Clusters * clusterBytes();
    data = l2 + l2Clusters * clusterBytes();
    end = data + allocated.count() * (long) clusterBytes();
  }

  private static long ceil(long amount, long unit) {
    return (amount + unit - 1) / unit;
  }

  /// The logarithm of the cluster's size for a volume: 64 KiB, or what keeps their number small.
  static int clusterBits(long size) {
    int bits = MIN_CLUSTER_BITS;
    while (bits < MAX_CLUSTER_BITS && size >> bits > MAX_CLUSTERS) {
      bits++;
    }
    return bits;
  }

  private int clusterBytes() {
    return 1 << clusterBits;
  }

  private long entriesPerTable() {
    return clusterBytes() / Long.BYTES;
  }

  private boolean hasTable(long l1Index) {
    return allocated.hasAny(l1Index * entriesPerTable(), (l1Index + 1) * entriesPerTable());
  }

  /// Length of the file.
  long fileBytes() {
    return end;
  }

  /// Where the tables begin.
  long tablesPlace() {
    return refcountTable;
  }

  /// Where a byte of the volume is in the file; all up to the end of an allocated range follow it.
  ///
  /// @throws IllegalArgumentException if its cluster has no bytes
  long placeOf(long offset) {
    long cluster = offset >> clusterBits;
    if (!allocated.has(cluster)) {
      throw new IllegalArgumentException("cluster " + cluster + " is not allocated");
    }
    return dataPlace(cluster) + (offset & (clusterBytes() - 1));
  }

  private long dataPlace(long cluster) {
    return data + ((long) allocated.rank(cluster) << clusterBits);
  }

  /// The header.
  byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(0, MAGIC);
    header.putInt(4, VERSION);
    header.putInt(20, clusterBits);
    header.putLong(24, size);
    header.putInt(36, Math.toIntExact(l1Entries));
    header.putLong(40, l1);
    header.putLong(48, refcountTable);
    header.putInt(56, Math.toIntExact((refcountBlocks - refcountTable) >> clusterBits));
    header.putInt(96, REFCOUNT_ORDER);
    header.putInt(100, HEADER_BYTES);
    return header.array();
  }

  /// Receives a table's bytes in order.
  @FunctionalInterface
  interface Output<E extends Exception> {
    void entry(long bytes) throws E;
  }

  /// Gives everything between header and data, 8 bytes at a time.
  <E extends Exception> void tables(Output<E> output) throws E {
    long blocks = (l1 - refcountBlocks) >> clusterBits;
    places(output, refcountBlocks, blocks, refcountBlocks - refcountTable);
    refcounts(output);
    long table = l2;
    for (long i = 0; i < (l2 - l1) / Long.BYTES; i++) {
      boolean here = i < l1Entries && hasTable(i);
      output.entry(here ? table | COPIED : 0);
      table += here ? clusterBytes() : 0;
    }
    for (long i = 0; i < l1Entries; i++) {
      if (hasTable(i)) {
        long first = i * entriesPerTable();
        for (long cluster = first; cluster < first + entriesPerTable(); cluster++) {
          output.entry(allocated.has(cluster) ? dataPlace(cluster) | COPIED : 0);
        }
      }
    }
  }

  private <E extends Exception> void places(
      Output<E> output, long first, long count, long tableBytes) throws E {
    for (long i = 0; i < tableBytes / Long.BYTES; i++) {
      output.entry(i < count ? first + (i << clusterBits) : 0);
    }
  }

  private <E extends Exception> void refcounts(Output<E> output) throws E {
    long clusters = end >> clusterBits;
    for (long i = 0; i < (l1 - refcountBlocks) / 2; i += 4) {
      long entry = 0;
      for (long j = i; j < i + 4; j++) {
        entry = entry << 16 | (j < clusters ? 1 : 0);
      }
      output.entry(entry);
    }
  }
}
