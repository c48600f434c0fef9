package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.remote.DraftSpace;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What a client pays to move packs to and from a server: CPU seconds and peak memory.
///
/// Arguments: `HOST:PORT`, then `put` (from memory), `draft` (through the memory for drafts) or
/// `file` (through temporary files), how many packs of 20 MiB, how many threads.
final class S3Bench {
  private static final int PACK_BYTES = 20 << 20;

  private S3Bench() {}

  @FunctionalInterface
  private interface Step {
    void run(BlobId id) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    S3Options options = S3TestStores.options(arguments[0], "bench" + System.nanoTime(), "");
    S3TestStores.makeBucket(options, Map.of());
    boolean drafts = !arguments[1].equals("put");
    long memory = arguments[1].equals("draft") ? 80L << 20 : 0;
    int packs = Integer.parseInt(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    byte[] bytes = Seeds.bytes(Seeds.generator(1), PACK_BYTES);
    Path folder = Files.createTempDirectory("drafts");
    System.out.printf("first request: %.2f CPU s since the start%n", cpuSeconds());
    try (BlobStore store =
            S3Store.open(
                options, S3TestStores.environment(new DraftSpace(Optional.of(folder), memory)));
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      BlockingQueue<ByteBuffer> buffers = new ArrayBlockingQueue<>(threads);
      for (int i = 0; i < threads; i++) {
        buffers.add(ByteBuffer.allocate(PACK_BYTES));
      }
      for (int round = 0; round < 2; round++) {
        measure(
            drafts ? "put through drafts" : "put",
            pool,
            packs,
            id -> {
              if (drafts) {
                putDraft(store, id, bytes);
              } else {
                store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
              }
            });
      }
      for (int round = 0; round < 2; round++) {
        measure(
            "get",
            pool,
            packs,
            id -> {
              // As a restore does: straight into a buffer that is used again.
              ByteBuffer buffer = buffers.take();
              store.getRange(id, 0, buffer.clear());
              buffers.add(buffer);
            });
      }
      for (int i = 0; i < packs; i++) {
        store.delete(new BlobId("p" + i));
      }
    } finally {
      Files.delete(folder);
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        System.out.println(line.replaceAll("\\s+", " "));
      }
    }
  }

  private static void putDraft(BlobStore store, BlobId id, byte[] bytes) throws Exception {
    try (BlobDraft draft = store.draft(id, bytes.length, PutOptions.NONE)) {
      for (int at = 0; at < bytes.length; at += 1 << 20) {
        draft.write(at, ByteBuffer.wrap(bytes, at, Math.min(1 << 20, bytes.length - at)));
      }
      draft.publish(bytes.length);
    }
  }

  private static void measure(String name, ExecutorService pool, int packs, Step step)
      throws Exception {
    double before = cpuSeconds();
    long start = System.nanoTime();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < packs; i++) {
      BlobId id = new BlobId("p" + i);
      running.add(
          pool.submit(() -> {
            step.run(id);
            return true;
          }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    double gigabytes = packs * (double) PACK_BYTES / 1e9;
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf(
        "%s: %.2f CPU s per GB, %.0f MB/s%n",
        name, (cpuSeconds() - before) / gigabytes, gigabytes * 1e6 / wall.toMillis());
  }

  private static double cpuSeconds() throws Exception {
    String[] fields = Files.readString(Path.of("/proc/self/stat")).split(" ", -1);
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
  }
}
