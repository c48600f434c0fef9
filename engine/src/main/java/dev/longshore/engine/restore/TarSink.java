package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AccessListText;
import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.Attribute;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes a tar file of POSIX.1-2001: any name, size and owner, times to the nanosecond.
///
/// Every entry is preceded by an extended header, which holds what the old one has no room for;
/// blocks are of 512 bytes. Extended attributes are its records `SCHILY.xattr.NAME`, access-control
/// lists `SCHILY.acl.access` and `SCHILY.acl.default`: as star, GNU tar and libarchive have them.
/// Holes are written as zeros.
///
/// | offset | length | field |
/// |---|---|---|
/// | 0 | 100 | name |
/// | 100, 108, 116 | 8 each | mode, uid, gid: octal digits |
/// | 124, 136 | 12 each | size, mtime: octal digits |
/// | 148 | 8 | checksum: sum of the header's bytes, these being spaces |
/// | 156 | 1 | type: `0` file, `1` another name of an earlier one, `2` symbolic link, `5` directory, `x` extended header |
/// | 157 | 100 | link target |
/// | 257 | 8 | `ustar`, NUL, `00` |
final class TarSink extends ArchiveSink {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int END_BLOCKS = 2;
  private static final long MAX_ID = 07777777L;
  private static final long MAX_SIZE = 077777777777L;
  private static final long NANOS = 1_000_000_000L;
  private static final String ATTRIBUTE = "SCHILY.xattr.";
  private static final String ACCESS = "SCHILY.acl.access";
  private static final String DEFAULT = "SCHILY.acl.default";

  private final OutputStream out;
  private long fileLength;

  TarSink(ObjectReader objects, RestoreTally tally, ArchiveExtras extras, OutputStream out) {
    super(objects, tally, extras);
    this.out = out;
  }

  @Override
  void writeDirectory(String name, DirEntry entry) throws IOException {
    header(name + "/", entry, '5', 0, new byte[0]);
  }

  @Override
  OutputStream beginFile(String name, DirEntry entry, long length) throws IOException {
    header(name, entry, '0', length, new byte[0]);
    fileLength = length;
    return out;
  }

  @Override
  void endFile() throws IOException {
    out.write(new byte[(int) (-fileLength & (BLOCK - 1))]);
  }

  @Override
  void writeSymlink(String name, DirEntry entry, byte[] linkTarget) throws IOException {
    header(name, entry, '2', 0, linkTarget);
  }

  @Override
  boolean hasLinks() {
    return true;
  }

  @Override
  void writeLink(String name, DirEntry entry, String first) throws IOException {
    header(name, entry, '1', 0, RawText.encode(first));
  }

  private void header(String path, DirEntry entry, char type, long size, byte[] link)
      throws IOException {
    byte[] name = RawText.encode(path);
    ByteArrayOutputStream records = extended(name, entry, size, link);
    if (type != '1') {
      attributes(records, path, entry);
    }
    byte[] extended = records.toByteArray();
    byte[] before = block("././@PaxHeader".getBytes(StandardCharsets.US_ASCII), 'x');
    octal(before, 124, 12, extended.length);
    seal(before);
    out.write(before);
    out.write(extended);
    out.write(new byte[-extended.length & (BLOCK - 1)]);

    byte[] header = block(name, type);
    octal(header, 100, 8, permissions(entry));
    octal(header, 108, 8, Math.min(entry.uid(), MAX_ID));
    octal(header, 116, 8, Math.min(entry.gid(), MAX_ID));
    octal(header, 124, 12, Math.min(size, MAX_SIZE));
    octal(header, 136, 12, Math.max(0, Math.floorDiv(entry.mtimeNanos(), NANOS)));
    System.arraycopy(link, 0, header, 157, Math.min(link.length, NAME_BYTES));
    seal(header);
    out.write(header);
  }

  /// The records of an extended header: `LENGTH KEY=VALUE` and a line feed, the length counting
  /// itself.
  private static ByteArrayOutputStream extended(
      byte[] name, DirEntry entry, long size, byte[] link) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    record(records, "path", name);
    record(records, "mtime", ascii(time(entry.mtimeNanos())));
    record(records, "uid", ascii(Long.toString(entry.uid())));
    record(records, "gid", ascii(Long.toString(entry.gid())));
    if (size > 0) {
      record(records, "size", ascii(Long.toString(size)));
    }
    if (link.length > 0) {
      record(records, "linkpath", link);
    }
    return records;
  }

  private void attributes(ByteArrayOutputStream records, String path, DirEntry entry) {
    for (Attribute attribute : extras().attributes(path, entry)) {
      if (AttributeKind.of(attribute.name()) == AttributeKind.ACCESS_LIST) {
        boolean access = attribute.name().equals(AttributeKind.ACCESS_NAME);
        AccessListText.of(attribute.value())
            .ifPresentOrElse(
                text -> record(records, access ? ACCESS : DEFAULT, ascii(text)),
                () -> extras().lost(path, "attribute " + attribute.name() + ": unknown form"));
      } else {
        record(records, ATTRIBUTE + key(attribute.name()), attribute.value());
      }
    }
  }

  /// A key ends at the first `=`; what stands for it is GNU tar's.
  private static String key(String attribute) {
    return attribute.replace("%", "%25").replace("=", "%3D");
  }

  private static void record(ByteArrayOutputStream records, String name, byte[] value) {
    byte[] key = RawText.encode(name);
    int rest = key.length + value.length + 3;
    int length = rest + 1;
    while (length != rest + Integer.toString(length).length()) {
      length = rest + Integer.toString(length).length();
    }
    records.writeBytes(ascii(length + " "));
    records.writeBytes(key);
    records.write('=');
    records.writeBytes(value);
    records.write('\n');
  }

  /// Decimal seconds; of a time before 1970 the fraction counts away from it.
  private static String time(long nanos) {
    long seconds = nanos / NANOS;
    long fraction = Math.abs(nanos % NANOS);
    String sign = nanos < 0 && seconds == 0 ? "-" : "";
    return sign + seconds + (fraction == 0 ? "" : ".%09d".formatted(fraction));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] block(byte[] name, char type) {
    byte[] block = new byte[BLOCK];
    System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME_BYTES));
    octal(block, 100, 8, 0644);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 136, 12, 0);
    block[156] = (byte) type;
    System.arraycopy(ascii("ustar\00000"), 0, block, 257, 8);
    return block;
  }

  /// Digits and a NUL.
  private static void octal(byte[] block, int offset, int length, long value) {
    long rest = value;
    for (int i = offset + length - 2; i >= offset; i--) {
      block[i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
  }

  private static void seal(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    octal(block, 148, 7, sum);
  }

  @Override
  void finish() throws IOException {
    out.write(new byte[END_BLOCKS * BLOCK]);
    out.flush();
  }
}
