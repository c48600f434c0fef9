package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Deflate (RFC 1951) without any header or checksum.
final class DeflateCompressor extends StreamCompressor {
  private static final Pool<Inflater> INFLATERS =
      new Pool<>(() -> new Inflater(true), Inflater::end);

  private final Pool<Deflater> deflaters;

  DeflateCompressor(int level) {
    super("deflate stream");
    deflaters = new Pool<>(() -> new Deflater(level, true), Deflater::end);
  }

  @Override
  int encode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    Deflater deflater = deflaters.take();
    deflater.setInput(in, offset, length);
    deflater.finish();
    int written = 0;
    int step;
    do {
      step = deflater.deflate(out, outOffset + written, outLength - written);
      written += step;
    } while (step > 0 && !deflater.finished());
    boolean fits = deflater.finished();
    deflater.reset();
    deflaters.give(deflater);
    return fits ? written : -1;
  }

  @Override
  void decode(StreamReader in, PlainBuffer out) throws CorruptException {
    inflate(in, out);
    if (in.left() > 0) {
      throw in.corrupt("expected the end, found " + in.left() + " bytes");
    }
  }

  /// Reads one deflate stream, up to its own end.
  static void inflate(StreamReader in, PlainBuffer out) throws CorruptException {
    Inflater inflater = INFLATERS.take();
    try {
      inflater.setInput(in.bytes(), in.at(), in.left());
      inflateAll(inflater, in, out);
      in.take(Math.toIntExact(inflater.getBytesRead()));
    } finally {
      inflater.reset();
      INFLATERS.give(inflater);
    }
  }

  private static void inflateAll(Inflater inflater, StreamReader in, PlainBuffer out)
      throws CorruptException {
    byte[] beyond = new byte[1];
    try {
      while (!inflater.finished()) {
        boolean full = out.room() == 0;
        // A full array may be all there is: the end of the stream shows only on asking for more.
        int got =
            full ? inflater.inflate(beyond) : inflater.inflate(out.bytes(), out.at(), out.room());
        if (full && got > 0) {
          out.append(beyond, 0, got);
        } else if (got > 0) {
          out.advance(got);
        } else if (!inflater.finished()) {
          throw in.corrupt(
              inflater.needsDictionary() ? "needs a dictionary" : "the stream is cut short");
        }
      }
    } catch (DataFormatException e) {
      throw in.corrupt("deflate data are damaged", e);
    }
  }
}
