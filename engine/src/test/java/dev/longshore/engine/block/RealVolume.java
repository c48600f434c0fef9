package dev.longshore.engine.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.engine.block.device.Access;
import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.testkit.LoopDevice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A sparse image file, or a loop device over one, and what it has to hold.
final class RealVolume implements AutoCloseable {
  static final int MIB = 1 << 20;

  private final Path image;
  private final boolean loop;
  private @Nullable LoopDevice device;
  private State state = new State(0, new TreeMap<>());

  /// What a volume holds: its size, and the blocks that are not zeros, which nobody changes.
  record State(long size, SortedMap<Integer, byte[]> blocks) {}

  /// @param image is made
  RealVolume(Path image, long size, boolean loop) throws IOException {
    this.image = image;
    this.loop = loop;
    resize(size);
  }

  Path path() {
    return device == null ? image : device.path();
  }

  long size() {
    return state.size;
  }

  State state() {
    return state;
  }

  /// What is added is zeros, as is what was cut once.
  void resize(long size) throws IOException {
    close();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size);
    }
    if (loop) {
      device = LoopDevice.attach(image);
    }
    SortedMap<Integer, byte[]> blocks = new TreeMap<>(state.blocks);
    blocks.keySet().removeIf(block -> (long) block * MIB >= size);
    int last = (int) (size / MIB);
    byte[] cut = blocks.get(last);
    if (cut != null) {
      byte[] kept = cut.clone();
      Arrays.fill(kept, (int) (size % MIB), MIB, (byte) 0);
      blocks.put(last, kept);
    }
    state = new State(size, blocks);
  }

  /// Overwrites a range; zeros are written as such.
  void write(long offset, byte[] bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw")) {
      file.seek(offset);
      file.write(bytes);
    }
    SortedMap<Integer, byte[]> blocks = new TreeMap<>(state.blocks);
    for (int done = 0; done < bytes.length; ) {
      int block = (int) ((offset + done) / MIB);
      int within = (int) ((offset + done) % MIB);
      int n = Math.min(MIB - within, bytes.length - done);
      byte[] changed = blocks.containsKey(block) ? blocks.get(block).clone() : new byte[MIB];
      System.arraycopy(bytes, done, changed, within, n);
      blocks.put(block, changed);
      done += n;
    }
    blocks.values().removeIf(RealVolume::isZero);
    state = new State(state.size, blocks);
  }

  /// The blocks that differ between two states, as far as both have them.
  static BlockMap delta(State before, State after) {
    BlockMap map = BlockMap.none(after.size);
    long common = Math.min(before.size, after.size);
    for (State one : new State[] {before, after}) {
      for (int block : one.blocks.keySet()) {
        long start = (long) block * MIB;
        byte[] there = before.blocks.get(block);
        boolean same = there != null && Arrays.equals(there, after.blocks.get(block));
        if (start < common && !same) {
          map.mark(start, Math.min(MIB, after.size - start));
        }
      }
    }
    return map;
  }

  /// Every block that is not zeros.
  static BlockMap allocated(State state) {
    return delta(new State(state.size, new TreeMap<>()), state);
  }

  /// Fails unless the device or file is as large, and holds this; holes are not read.
  ///
  /// @param surplus it may be larger
  static void assertHolds(State state, Path image, boolean surplus) throws IOException {
    try (BlockDevice device = BlockDevice.open(image, Access.READ)) {
      if (!surplus) {
        assertEquals(state.size, device.size());
      }
      ByteBuffer buffer = BlockDevice.buffer(MIB);
      for (long at = 0; at < state.size; ) {
        int block = (int) (at / MIB);
        byte[] expected = state.blocks.get(block);
        long start = (long) block * MIB;
        if (expected == null && device.nextData(start) >= Math.min(state.size, start + MIB)) {
          // On to the next block that is to hold something, or does.
          SortedMap<Integer, byte[]> rest = state.blocks.tailMap(block);
          long wanted = rest.isEmpty() ? state.size : (long) rest.firstKey() * MIB;
          at = Math.min(wanted, device.nextData(start) / MIB * MIB);
          at = Math.max(at, start + MIB);
          continue;
        }
        int n = (int) Math.min(MIB, state.size - start);
        byte[] found = new byte[n];
        device.read(buffer.clear().limit(n), start);
        buffer.flip().get(found);
        byte[] bytes = expected == null ? new byte[n] : Arrays.copyOf(expected, n);
        assertArrayEquals(bytes, found, () -> "block " + block);
        at = start + MIB;
      }
    }
  }

  private static boolean isZero(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  @Override
  public void close() throws IOException {
    if (device != null) {
      device.close();
      device = null;
    }
  }
}
