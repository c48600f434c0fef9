package dev.longshore.engine.concurrent;

/// How the heap is shared out: the one place where buffers get their size from.
///
/// | share | of | for |
/// |---|---|---|
/// | transfer | 1/2, at most 8 MiB and 16 MiB for each processor | contents on their way: read, opened, decompressed; or plain, sealed, in packs |
/// | pack cache | 1/8, at most 64 MiB | metadata that was read lately |
/// | plan | 1/8, at most 64 MiB | what a restore or verification is to read next |
/// | ids | 1/8, at most 1 GiB | which objects and contents a verification has done |
/// | entries | 1/8, at most 76 MiB | index entries that are not published yet |
/// | index | 1/16, at most 64 MiB | index blobs that are in no segment |
/// | drafts | the plan's share, and what the transfer's limit leaves of its half, at most 32 MiB | packs of a write session, where a store takes them only whole |
/// | rest | 1/16 | walks, everything small; the ids' share in a write session |
///
/// A restore, a verification and a write session each take the transfer share for themselves; a
/// process runs one of them at a time. No share is taken before it is needed.
///
/// @param heapBytes what may be used in all
/// @param processors how many work at once
public record MemoryBudget(long heapBytes, int processors) {
  private static final long MIN_HEAP = 16L << 20;
  private static final long BASE_TRANSFER = 8L << 20;

  /// The largest chunk of the usual splitter, plain and sealed: more waiting ones would not make a
  /// processor faster.
  private static final long TRANSFER_OF_ONE = 16L << 20;

  private static final long MAX_OTHER = 64L << 20;

  /// A pack of the usual size that is sent, and half of the next: more of them cost more memory
  /// than they save time.
  private static final long MAX_DRAFTS = 32L << 20;

  private static final long MAX_IDS = 1L << 30;
  private static final long MAX_ENTRIES = 250_000;

  /// An entry, its id, and their places in maps and lists, of which there are more while they are
  /// published.
  private static final long ENTRY_BYTES = 320;

  /// A heap below 16 MiB is shared out as if it had them.
  public MemoryBudget {
    heapBytes = Math.max(MIN_HEAP, heapBytes);
  }

  /// The budget of this process: the heap that the JVM was given (`-Xmx`).
  public static MemoryBudget ofProcess() {
    Runtime jvm = Runtime.getRuntime();
    return new MemoryBudget(jvm.maxMemory(), jvm.availableProcessors());
  }

  /// Bytes for contents on their way between a store and a source or target.
  public long transferBytes() {
    return Math.min(BASE_TRANSFER + processors * TRANSFER_OF_ONE, heapBytes / 2);
  }

  /// Bytes for packs of metadata that are kept.
  public long packCacheBytes() {
    return Math.min(MAX_OTHER, heapBytes / 8);
  }

  /// Bytes for plans of what is read next.
  public long planBytes() {
    return Math.min(MAX_OTHER, heapBytes / 8);
  }

  /// Bytes for packs that wait to be sent whole.
  public long draftBytes() {
    return Math.min(MAX_DRAFTS, planBytes() + heapBytes / 2 - transferBytes());
  }

  /// Index entries that a write session holds before it publishes them.
  public int pendingEntries() {
    return (int) Math.min(MAX_ENTRIES, heapBytes / 8 / ENTRY_BYTES);
  }

  /// Bytes of index blobs in memory, beyond which they are merged in a local file.
  public long indexBytes() {
    return Math.min(MAX_OTHER, heapBytes / 16);
  }

  /// Bytes for sets of ids.
  public long idBytes() {
    return Math.min(MAX_IDS, heapBytes / 8);
  }
}
