package dev.longshore.format.object;

import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.io.OutputStream;

/// Writes an indirect object's list to a stream, part by part; see [IndirectObject] for the bytes.
///
/// Not thread-safe. The stream stays the caller's to close.
public final class IndirectObjectWriter {
  private static final int DRAIN_BYTES = 64 << 10;

  private final OutputStream out;
  private final GoJsonWriter json = new GoJsonWriter();
  private long length;
  private boolean empty = true;

  /// Starts a list.
  public IndirectObjectWriter(OutputStream out) {
    this.out = out;
    json.beginObject().field("stream", IndirectObject.STREAM).name("entries").beginArray();
  }

  private IndirectObjectWriter(OutputStream out, long length) throws IOException {
    this(out);
    json.nullValue().drainTo(OutputStream.nullOutputStream()); // stands for the parts before
    this.length = length;
    this.empty = false;
  }

  /// Continues, on another stream, a list of which a copy was made: its first parts, `length` bytes
  /// of the object in all and at least one, were written and [#flush]ed.
  public static IndirectObjectWriter resume(OutputStream out, long length) throws IOException {
    return new IndirectObjectWriter(out, length);
  }

  /// Hands on what is waiting; the list can be continued here and in copies.
  public void flush() throws IOException {
    json.drainTo(out);
  }

  /// Appends the next part.
  ///
  /// @param partLength its plain length in bytes
  /// @throws IllegalArgumentException if the object would pass 2^63 - 1 bytes
  public void add(long partLength, ObjectId part) throws IOException {
    IndirectEntry entry = new IndirectEntry(length, partLength, part);
    json.beginObject()
        .fieldUnlessZero("s", entry.start())
        .fieldUnlessZero("l", partLength)
        .field("o", part.toString())
        .endObject();
    length = entry.end();
    empty = false;
    if (json.size() >= DRAIN_BYTES) {
      json.drainTo(out);
    }
  }

  /// The length of all parts so far.
  public long length() {
    return length;
  }

  /// Ends the list and hands its last bytes to the stream.
  ///
  /// @throws IllegalStateException if it has no part: Kopia cannot read such a list
  public void finish() throws IOException {
    if (empty) {
      throw new IllegalStateException("an indirect object without parts");
    }
    json.endArray().endObject().newline().drainTo(out);
  }
}
