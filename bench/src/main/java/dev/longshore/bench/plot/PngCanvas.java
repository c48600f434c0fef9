package dev.longshore.bench.plot;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Draws a PNG file of twice the size.
final class PngCanvas implements Canvas {
  private static final int SCALE = 2;
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private final int width;
  private final int height;

  /// Rows of a filter byte, which is 0, and three bytes for each pixel.
  private final byte[] rows;

  PngCanvas(int width, int height) {
    this.width = width * SCALE;
    this.height = height * SCALE;
    rows = new byte[Math.multiplyExact(this.height, stride())];
    rectangle(0, 0, width, height, Colour.WHITE);
  }

  @Override
  public void rectangle(int x, int y, int width, int height, Colour colour) {
    fill(x * SCALE, y * SCALE, width * SCALE, height * SCALE, colour);
  }

  @Override
  public void text(int x, int y, Anchor anchor, Weight weight, String text) {
    int size =
        switch (weight) {
          case TITLE -> 3;
          case NORMAL -> 2;
        };
    int advance = (Glyphs.WIDTH + 1) * size;
    int left =
        switch (anchor) {
          case START -> x * SCALE;
          case END -> x * SCALE - text.length() * advance;
        };
    int top = y * SCALE - Glyphs.HEIGHT * size;
    for (int i = 0; i < text.length(); i++) {
      for (int column = 0; column < Glyphs.WIDTH; column++) {
        for (int row = 0; row < Glyphs.HEIGHT; row++) {
          if (Glyphs.dot(text.charAt(i), column, row)) {
            fill(left + i * advance + column * size, top + row * size, size, size, Colour.BLACK);
          }
        }
      }
    }
  }

  private int stride() {
    return width * 3 + 1;
  }

  private void fill(int x, int y, int width, int height, Colour colour) {
    int from = Math.clamp(x, 0, this.width);
    int to = Math.clamp((long) x + width, 0, this.width);
    for (int row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      for (int at = row * stride() + 1 + 3 * from; at < row * stride() + 1 + 3 * to; at += 3) {
        rows[at] = (byte) (colour.rgb() >>> 16);
        rows[at + 1] = (byte) (colour.rgb() >>> 8);
        rows[at + 2] = (byte) colour.rgb();
      }
    }
  }

  /// The file.
  byte[] file() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    // Eight bits of each of three colours, and the only methods there are.
    byte[] form = {8, 2, 0, 0, 0};
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(form);
    chunk(file, "IHDR", header.array(), header.position());
    // Deflate adds at most five bytes to each 16 KiB.
    byte[] packed = new byte[rows.length + rows.length / 1024 + 64];
    int length;
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(rows);
      deflater.finish();
      length = deflater.deflate(packed);
    }
    chunk(file, "IDAT", packed, length);
    chunk(file, "IEND", packed, 0);
    return file.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] data, int length) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, 0, length);
    file.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
    file.writeBytes(name);
    file.write(data, 0, length);
    file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
