package dev.longshore.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The bytes of a file that holds a part of a blob. A local format: another version is another
/// magic, and a file that is not understood is dropped.
///
/// The part is cut into pieces of 64 KiB, each with a checksum, so that a few bytes are read
/// without the rest. The header's checksum covers the file's name and its blob's, so that a file is
/// believed only in its place.
///
/// | offset | size | value |
/// |---|---|---|
/// | 0 | 8 | `LSCPART1` |
/// | 8 | 4 | CRC-32C of the blob's name, a slash, the file's name and the table |
/// | 12 | 4 n | table: CRC-32C of each piece |
/// | 12 + 4 n | length | the part |
///
/// A checksum is enough: what lies in packs and index blobs is sealed, and the cipher refuses what
/// somebody has put in its place. Integers are big-endian.
final class PartFile {
  /// More than any run of contents is long.
  static final int MAX_LENGTH = 1 << 30;

  static final int PIECE = 64 << 10;

  private static final long MAGIC = 0x4c53435041525431L;
  private static final int FIXED = 12;

  /// In parts, as the JDK keeps a native buffer of the largest for each thread.
  private static final int TRANSFER = 128 << 10;

  private final String blob;
  private final PartName name;
  private final int pieces;

  PartFile(String blob, PartName name) {
    this.blob = blob;
    this.name = name;
    this.pieces = (name.length() + PIECE - 1) / PIECE;
  }

  private int headerBytes() {
    return FIXED + 4 * pieces;
  }

  /// The length of the whole file.
  long fileBytes() {
    return (long) headerBytes() + name.length();
  }

  /// Fills a file.
  ///
  /// @param part as many bytes as the name says, which are not consumed
  void write(Path file, ByteBuffer part) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(headerBytes());
    header.putLong(MAGIC).putInt(0);
    for (int i = 0; i < pieces; i++) {
      header.putInt(checksum(part, part.position() + i * PIECE, pieceBytes(i)));
    }
    header.putInt(8, headerChecksum(header)).flip();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      transfer(header, channel);
      transfer(part.duplicate(), channel);
    }
  }

  private static void transfer(ByteBuffer bytes, FileChannel channel) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + TRANSFER));
      channel.write(bytes);
    }
  }

  /// Reads some bytes of the part, all of which it has.
  ///
  /// @param from where they begin in the part
  /// @param into has room for them; its position is past them only if this returns true
  /// @return false if the file is damaged
  boolean read(Path file, int from, int length, ByteBuffer into) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer header = header(channel);
      int start = into.position();
      if (header != null && readPieces(channel, header, from, length, into)) {
        return true;
      }
      into.position(start);
      return false;
    }
  }

  /// Tells whether a file has this header and length.
  boolean isSound(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return header(channel) != null;
    }
  }

  /// Null if it is damaged, or the file has another length.
  private @Nullable ByteBuffer header(FileChannel channel) throws IOException {
    if (channel.size() != fileBytes()) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(headerBytes());
    return fill(channel, header, 0)
            && header.getLong(0) == MAGIC
            && header.getInt(8) == headerChecksum(header)
        ? header
        : null;
  }

  private boolean readPieces(
      FileChannel channel, ByteBuffer header, int from, int length, ByteBuffer into)
      throws IOException {
    int end = from + length;
    for (int piece = from / PIECE; piece * PIECE < end; piece++) {
      int bytes = pieceBytes(piece);
      int first = Math.max(0, from - piece * PIECE);
      int last = Math.min(bytes, end - piece * PIECE);
      boolean whole = first == 0 && last == bytes;
      ByteBuffer target =
          whole ? into.duplicate().limit(into.position() + bytes) : ByteBuffer.allocate(bytes);
      int at = target.position();
      if (!fill(channel, target, headerBytes() + (long) piece * PIECE)
          || checksum(target, at, bytes) != header.getInt(FIXED + 4 * piece)) {
        return false;
      }
      if (whole) {
        into.position(into.position() + bytes);
      } else {
        into.put(target.slice(first, last - first));
      }
    }
    return true;
  }

  private int pieceBytes(int piece) {
    return Math.min(PIECE, name.length() - piece * PIECE);
  }

  /// False if the file is too short.
  private static boolean fill(FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count <= 0) {
        return false;
      }
      at += count;
    }
    return true;
  }

  private static int checksum(ByteBuffer bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().limit(from + length).position(from));
    return (int) crc.getValue();
  }

  private int headerChecksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update((blob + "/" + name).getBytes(StandardCharsets.US_ASCII));
    crc.update(header.slice(FIXED, 4 * pieces));
    return (int) crc.getValue();
  }
}
