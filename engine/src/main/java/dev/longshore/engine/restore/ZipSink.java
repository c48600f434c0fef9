package dev.longshore.engine.restore;

import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes a zip file: names in UTF-8, permissions, times to the second; a symbolic link as Info-ZIP
/// has it. Owners, extended attributes and links between files have no place in it.
///
/// Sizes and checksums follow the bytes, as they are not known before. What is above 4 GiB is in
/// Zip64 fields, so old programs still read small archives. The directory at the end is held in
/// memory: some 120 bytes for each entry. Source: PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5.
final class ZipSink extends ArchiveSink {
  private static final int LOCAL = 0x04034b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END = 0x06054b50;
  private static final short NEEDS_ZIP64 = 45;
  private static final short MADE_BY_UNIX = (3 << 8) | NEEDS_ZIP64;
  private static final short FLAGS = 0x0808;
  private static final short DEFLATED = 8;
  private static final short ZIP64_FIELD = 1;
  private static final short TIME_FIELD = 0x5455;
  private static final int MAX_32 = -1;
  private static final long BIG = 0xf000_0000L;
  private static final int DOS_1980 = (1 << 21) | (1 << 16);
  private static final long NANOS = 1_000_000_000L;

  private final OutputStream out;
  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final FileBytes fileBytes = new FileBytes();
  private Entry open = new Entry("", 0, 0, false, 0);
  private long written;
  private long count;

  /// The entry being written.
  private record Entry(String name, int mode, int seconds, boolean big, long offset) {}

  /// @param target if it is not compressed, deflate's framing around the bytes as they are
  ZipSink(
      ObjectReader objects, RestoreTally tally, ArchiveExtras extras, RestoreTarget.Zip target) {
    super(objects, tally, extras);
    this.out = target.out();
    int level = target.compressed() ? Deflater.DEFAULT_COMPRESSION : Deflater.NO_COMPRESSION;
    this.deflater = new Deflater(level, true);
  }

  @Override
  void writeDirectory(String name, DirEntry entry) throws IOException {
    loseAttributes(name, entry);
    begin(name + "/", entry, FileKind.DIRECTORY, 0);
    endFile();
  }

  @Override
  OutputStream beginFile(String name, DirEntry entry, long length) throws IOException {
    loseAttributes(name, entry);
    begin(name, entry, FileKind.REGULAR, length);
    return fileBytes;
  }

  @Override
  void writeSymlink(String name, DirEntry entry, byte[] linkTarget) throws IOException {
    loseAttributes(name, entry);
    begin(name, entry, FileKind.SYMLINK, linkTarget.length);
    fileBytes.write(linkTarget, 0, linkTarget.length);
    endFile();
  }

  @Override
  boolean hasLinks() {
    return false;
  }

  @Override
  void writeLink(String name, DirEntry entry, String first) {
    throw new IllegalStateException("a zip file has no links");
  }

  private void loseAttributes(String name, DirEntry entry) {
    if (!extras().attributes(name, entry).isEmpty()) {
      extras().lost(name, "a zip file has no place for its attributes");
    }
  }

  private void begin(String name, DirEntry entry, FileKind kind, long length) throws IOException {
    String shown = RawText.display(name);
    byte[] bytes = RawText.encode(shown);
    long seconds = Math.floorDiv(entry.mtimeNanos(), NANOS);
    int clamped = Math.clamp(seconds, Integer.MIN_VALUE, Integer.MAX_VALUE);
    int mode = kind.bits() | permissions(entry);
    open = new Entry(shown, mode, clamped, length >= BIG, written);
    crc.reset();
    deflater.reset();
    ByteBuffer header = little(30 + bytes.length + 20 + 9);
    header.putInt(LOCAL).putShort(NEEDS_ZIP64).putShort(FLAGS).putShort(DEFLATED);
    header.putInt(DOS_1980).putInt(0);
    header.putInt(open.big ? MAX_32 : 0).putInt(open.big ? MAX_32 : 0);
    header.putShort((short) bytes.length).putShort((short) (9 + (open.big ? 20 : 0))).put(bytes);
    if (open.big) {
      header.putShort(ZIP64_FIELD).putShort((short) 16).putLong(0).putLong(0);
    }
    putTime(header, open.seconds);
    write(header);
  }

  private static void putTime(ByteBuffer target, int seconds) {
    target.putShort(TIME_FIELD).putShort((short) 5).put((byte) 1).putInt(seconds);
  }

  /// Compresses what is written to it.
  private final class FileBytes extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      crc.update(bytes, offset, length);
      deflater.setInput(bytes, offset, length);
      while (!deflater.needsInput()) {
        drain();
      }
    }
  }

  private void drain() throws IOException {
    int n = deflater.deflate(buffer);
    out.write(buffer, 0, n);
    written += n;
  }

  @Override
  void endFile() throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      drain();
    }
    int checksum = (int) crc.getValue();
    long stored = deflater.getBytesWritten();
    long plain = deflater.getBytesRead();
    ByteBuffer descriptor = little(24).putInt(DESCRIPTOR).putInt(checksum);
    if (open.big) {
      descriptor.putLong(stored).putLong(plain);
    } else {
      descriptor.putInt((int) stored).putInt((int) plain);
    }
    write(descriptor);
    list(checksum, stored, plain);
  }

  private void list(int checksum, long stored, long plain) {
    byte[] name = RawText.encode(open.name);
    boolean far = open.offset >= BIG;
    int zip64 = (open.big ? 16 : 0) + (far ? 8 : 0);
    int extra = 9 + (zip64 > 0 ? 4 + zip64 : 0);
    ByteBuffer central = little(46 + name.length + extra);
    central.putInt(CENTRAL).putShort(MADE_BY_UNIX).putShort(NEEDS_ZIP64);
    central.putShort(FLAGS).putShort(DEFLATED).putInt(DOS_1980).putInt(checksum);
    central.putInt(open.big ? MAX_32 : (int) stored).putInt(open.big ? MAX_32 : (int) plain);
    central.putShort((short) name.length).putShort((short) extra).putShort((short) 0);
    central.putShort((short) 0).putShort((short) 0).putInt(open.mode << 16);
    central.putInt(far ? MAX_32 : (int) open.offset).put(name);
    if (zip64 > 0) {
      central.putShort(ZIP64_FIELD).putShort((short) zip64);
      if (open.big) {
        central.putLong(plain).putLong(stored);
      }
      if (far) {
        central.putLong(open.offset);
      }
    }
    putTime(central, open.seconds);
    directory.writeBytes(bytes(central));
    count++;
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void write(ByteBuffer bytes) throws IOException {
    written += bytes.position();
    out.write(bytes(bytes));
  }

  /// What was put into a buffer.
  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  void finish() throws IOException {
    deflater.end();
    long start = written;
    long length = directory.size();
    directory.writeTo(out);
    written += length;
    ByteBuffer end = little(56 + 20 + 22);
    boolean large = count > 0xfffe || start >= BIG || length >= BIG;
    if (large) {
      end.putInt(END_64).putLong(44).putShort(MADE_BY_UNIX).putShort(NEEDS_ZIP64);
      end.putInt(0).putInt(0).putLong(count).putLong(count).putLong(length).putLong(start);
      end.putInt(LOCATOR_64).putInt(0).putLong(written).putInt(1);
    }
    short shown = (short) (large ? 0xffff : count);
    end.putInt(END).putShort((short) 0).putShort((short) 0).putShort(shown).putShort(shown);
    end.putInt(large ? MAX_32 : (int) length).putInt(large ? MAX_32 : (int) start);
    write(end.putShort((short) 0));
    out.flush();
  }
}
