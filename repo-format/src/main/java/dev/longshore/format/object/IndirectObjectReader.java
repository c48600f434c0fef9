package dev.longshore.format.object;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Reads an indirect object's list part by part, without holding it; see [IndirectObject] for the
/// bytes.
///
/// Not thread-safe. The stream stays the caller's to close.
public final class IndirectObjectReader implements AutoCloseable {
  private static final JsonFields DOCUMENT = JsonFields.of("stream", "entries");
  private static final JsonFields ENTRY = JsonFields.of("s", "l", "o");

  private final JsonInput json;
  private boolean started;
  private boolean inEntries;
  private boolean named;
  private boolean listed;
  private boolean ended;
  private long length;
  private long count;

  /// Reads a list from a stream, which is read ahead.
  public IndirectObjectReader(InputStream in) {
    this(JsonInput.of("indirect object", in));
  }

  /// Reads a list from bytes.
  public IndirectObjectReader(byte[] bytes) {
    this(JsonInput.of("indirect object", bytes));
  }

  private IndirectObjectReader(JsonInput json) {
    this.json = json;
  }

  /// The next part, null after the last.
  ///
  /// @throws CorruptException if the list breaks a rule; only at its end is it known to keep all
  /// @throws IOException if the stream fails
  public @Nullable IndirectEntry next() throws IOException {
    try {
      if (!started) {
        started = true;
        if (!json.beginObject()) {
          throw json.corrupt("expected an object, found nothing");
        }
      }
      while (!ended) {
        if (inEntries) {
          if (json.nextElement()) {
            return entry();
          }
          inEntries = false;
        }
        field();
      }
      return null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// The length of all parts read so far, which after the last is the object's.
  public long length() {
    return length;
  }

  @Override
  public void close() {
    json.close();
  }

  private void field() throws CorruptException {
    String name = json.nextField(DOCUMENT);
    if (name == null) {
      json.finish();
      if (!named || count == 0) {
        throw json.corrupt(named ? "no entries" : "no stream name");
      }
      ended = true;
    } else if (name.equals("stream")) {
      if (!json.string().equals(IndirectObject.STREAM)) {
        throw json.corrupt("expected " + IndirectObject.STREAM);
      }
      named = true;
    } else {
      if (listed) {
        throw json.corrupt("found twice");
      }
      listed = true;
      inEntries = json.beginArray();
    }
  }

  private IndirectEntry entry() throws CorruptException {
    long start = 0;
    long partLength = 0;
    String object = "";
    if (!json.beginObject()) {
      throw json.corrupt("expected an entry, found nothing");
    }
    for (String name = json.nextField(ENTRY); name != null; name = json.nextField(ENTRY)) {
      switch (name) {
        case "s" -> start = json.integer(0, Long.MAX_VALUE);
        case "l" -> partLength = json.integer(0, Long.MAX_VALUE);
        case "o" -> object = json.string();
        default -> json.skip();
      }
    }
    if (start != length) {
      throw json.corrupt("expected a part at " + length + ", found one at " + start);
    }
    if (partLength > Long.MAX_VALUE - start) {
      throw json.corrupt("length overflows");
    }
    ObjectId id = ObjectId.parse(object).orElseThrow(() -> json.corrupt("not an object id"));
    length += partLength;
    count++;
    return new IndirectEntry(start, partLength, id);
  }
}
