package dev.longshore.engine.block.restore;

import dev.longshore.engine.testkit.MemoryTree;
import dev.longshore.format.id.ContentId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A volume in a repository in memory: random blocks, blocks that come again, and zeros.
final class TestVolume {
  static final int MIB = 1 << 20;

  final MemoryTree tree;
  final byte[] bytes;
  final BlockVolume volume;

  private TestVolume(MemoryTree tree, byte[] bytes, List<byte[]> pieces) {
    this.tree = tree;
    this.bytes = bytes;
    this.volume = new BlockVolume("volume", tree.object(pieces), bytes.length, true);
  }

  /// Blocks of 1 MiB, the last of which is filled up with zeros.
  static TestVolume ofBlocks(int size, long seed) {
    return ofBlocks(bytes(size, seed));
  }

  static TestVolume ofBlocks(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += MIB) {
      pieces.add(Arrays.copyOfRange(bytes, at, at + MIB));
    }
    return new TestVolume(new MemoryTree(), bytes, pieces);
  }

  /// Pieces of odd lengths, as of a stream.
  static TestVolume ofStream(int size, long seed) {
    byte[] bytes = bytes(size, seed);
    Random random = new Random(seed);
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < size; ) {
      int n = Math.min(size - at, 1 + random.nextInt(2 * MIB));
      pieces.add(Arrays.copyOfRange(bytes, at, at + n));
      at += n;
    }
    return new TestVolume(new MemoryTree(), bytes, pieces);
  }

  /// Runs of random bytes, zeros and bytes that were there before; some are mixed within a block.
  static byte[] bytes(int size, long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    for (int at = 0; at < size; ) {
      int run = (1 + random.nextInt(3)) * (random.nextInt(4) == 0 ? 40_000 : MIB);
      int n = Math.min(size - at, run);
      switch (random.nextInt(3)) {
        case 0 -> {
          byte[] some = new byte[n];
          random.nextBytes(some);
          System.arraycopy(some, 0, bytes, at, n);
        }
        case 1 -> System.arraycopy(bytes, 0, bytes, at, Math.min(n, at));
        default -> {}
      }
      at += n;
    }
    return bytes;
  }

  VolumeContents source() {
    return new VolumeContents(tree, tree, TestVolume::idOf);
  }

  BlockRestore restore() {
    return new BlockRestore(source());
  }

  /// As the tree names its contents.
  static ContentId idOf(char prefix, byte[] plain, int offset, int length) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(plain, offset, length);
      return ContentId.of(prefix, Arrays.copyOf(sha.digest(), 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
