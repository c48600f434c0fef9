package dev.longshore.format.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.longshore.format.error.CorruptException;

/// Zstandard: one frame with content size and checksum, as libzstd makes it.
///
/// Kopia's frames often lack the content size, so that nothing relies on it. Reads several frames
/// and skippable ones. The library resets a context before each use, so that a failure leaves no
/// trace in it.
final class ZstdCompressor extends StreamCompressor {
  private static final int FRAME_MAGIC = 0xFD2FB528;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;

  private static final Pool<ZstdDecompressCtx> DECOMPRESSORS =
      new Pool<>(ZstdDecompressCtx::new, ZstdDecompressCtx::close);

  private final Pool<ZstdCompressCtx> compressors;

  ZstdCompressor(int level) {
    super("zstd stream");
    compressors = new Pool<>(() -> context(level), ZstdCompressCtx::close);
  }

  private static ZstdCompressCtx context(int level) {
    ZstdCompressCtx context = new ZstdCompressCtx();
    context.setLevel(level);
    context.setChecksum(true);
    return context;
  }

  @Override
  int encode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    ZstdCompressCtx context = compressors.take();
    try {
      return context.compressByteArray(out, outOffset, outLength, in, offset, length);
    } catch (ZstdException e) {
      if (isTooSmall(e)) {
        return -1;
      }
      throw e;
    } finally {
      compressors.give(context);
    }
  }

  @Override
  void decode(StreamReader in, PlainBuffer out) throws CorruptException {
    ZstdDecompressCtx context = DECOMPRESSORS.take();
    try {
      while (in.left() > 0) {
        decodeFrame(context, in, out);
      }
    } finally {
      DECOMPRESSORS.give(context);
    }
  }

  private static void decodeFrame(ZstdDecompressCtx context, StreamReader in, PlainBuffer out)
      throws CorruptException {
    int frameLength = frameLength(in);
    int from = in.take(frameLength);
    while (true) {
      try {
        int written =
            context.decompressByteArray(
                out.bytes(), out.at(), out.room(), in.bytes(), from, frameLength);
        out.advance(written);
        return;
      } catch (ZstdException e) {
        if (!isTooSmall(e)) {
          throw in.corrupt("frame is damaged: " + e.getMessage(), e);
        }
        // Once more from the frame's start; as the array doubles, that is twice the work at most.
        out.growSome();
      }
    }
  }

  private static int frameLength(StreamReader in) throws CorruptException {
    int magic = new StreamReader(in.bytes(), in.at(), in.left(), "zstd stream").readInt();
    if (magic != FRAME_MAGIC && (magic & SKIPPABLE_MASK) != SKIPPABLE_MAGIC) {
      throw in.corrupt(String.format("no frame begins with %08x", magic));
    }
    try {
      return Math.toIntExact(Zstd.findFrameCompressedSize(in.bytes(), in.at(), in.left()));
    } catch (ZstdException e) {
      throw in.corrupt("frame is damaged or cut short", e);
    }
  }

  private static boolean isTooSmall(ZstdException e) {
    return e.getErrorCode() == Zstd.errDstSizeTooSmall();
  }
}
