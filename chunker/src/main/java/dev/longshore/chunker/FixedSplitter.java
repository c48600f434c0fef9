package dev.longshore.chunker;

import java.util.Objects;

/// Cuts after every so many bytes.
final class FixedSplitter implements Splitter {
  private final int chunkBytes;
  private int count;

  FixedSplitter(int chunkBytes) {
    this.chunkBytes = chunkBytes;
  }

  @Override
  public int nextCut(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    int rest = chunkBytes - count;
    if (length < rest) {
      count += length;
      return -1;
    }
    count = 0;
    return rest;
  }

  @Override
  public void reset() {
    count = 0;
  }

  @Override
  public int maxChunkBytes() {
    return chunkBytes;
  }
}
