package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// The extended attributes of one entry, in the order of their names' bytes.
///
/// In a directory they are a JSON object of names and base64 values. Those whose JSON would be
/// longer than [#MAX_INLINE_BYTES] are an object of their own, so that a program that reads a
/// directory as a whole need not hold them:
///
/// | field | type | meaning |
/// |---|---|---|
/// | `stream` | string | `longshore:attributes` |
/// | `attributes` | object | names and values in standard base64, sorted |
///
/// Source: Longshore's own; see `docs/format/directories.md`.
///
/// @param list sorted by name, each name once
public record Attributes(List<Attribute> list) {
  /// None.
  public static final Attributes NONE = new Attributes(List.of());

  /// The longest form, in bytes, that is written into a directory.
  public static final int MAX_INLINE_BYTES = 2048;

  /// The most attributes of one entry.
  public static final int MAX_COUNT = 4096;

  /// The most bytes of all names and values of one entry.
  public static final int MAX_BYTES = 1 << 20;

  /// The longest object of attributes: base64 and names with every character escaped.
  public static final int MAX_OBJECT_BYTES = 8 << 20;

  private static final String STREAM = "longshore:attributes";
  private static final JsonFields FIELDS = JsonFields.of("stream", "attributes");

  /// @throws IllegalArgumentException if they are out of order, or too many
  public Attributes {
    list = List.copyOf(list);
    long bytes = 0;
    for (int i = 0; i < list.size(); i++) {
      bytes += sizeBytes(list.get(i));
      if (i > 0 && RawText.compare(list.get(i - 1).name(), list.get(i).name()) >= 0) {
        throw new IllegalArgumentException("attributes out of order");
      }
    }
    if (list.size() > MAX_COUNT || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(list.size() + " attributes of " + bytes + " bytes");
    }
  }

  /// What an attribute counts towards [#MAX_BYTES].
  public static int sizeBytes(Attribute attribute) {
    return RawText.encode(attribute.name()).length + attribute.valueBytes();
  }

  /// Attributes in any order; of those with one name, the last.
  ///
  /// @throws IllegalArgumentException if they are too many
  public static Attributes of(Collection<Attribute> attributes) {
    TreeMap<String, Attribute> sorted = new TreeMap<>(RawText::compare);
    attributes.forEach(attribute -> sorted.put(attribute.name(), attribute));
    return sorted.isEmpty() ? NONE : new Attributes(List.copyOf(sorted.values()));
  }

  /// Tells whether there are none.
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /// Tells whether they are written into the directory.
  public boolean isInline() {
    long values = 0;
    for (Attribute attribute : list) {
      values += attribute.valueBytes();
    }
    if (values > MAX_INLINE_BYTES) {
      return false;
    }
    GoJsonWriter json = new GoJsonWriter();
    writeTo(json);
    return json.size() <= MAX_INLINE_BYTES;
  }

  /// Writes the object of names and values as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject();
    for (Attribute attribute : list) {
      json.name(attribute.name()).base64(attribute.value());
    }
    json.endObject();
  }

  /// Reads the object of names and values that is due.
  ///
  /// @throws CorruptException if it is none, or more than a file can have
  public static Attributes readFrom(JsonInput json) throws CorruptException {
    List<Attribute> attributes = new ArrayList<>();
    long bytes = 0;
    if (json.beginObject()) {
      for (String name = json.nextKey(); name != null; name = json.nextKey()) {
        byte[] value = json.base64();
        bytes += name.length() + value.length;
        if (!Attribute.isPossible(name, value.length)) {
          throw json.corrupt("no attribute of a file");
        }
        if (attributes.size() >= MAX_COUNT || bytes > MAX_BYTES) {
          throw json.corrupt("more attributes than a file can have");
        }
        attributes.add(new Attribute(name, value));
      }
    }
    try {
      return of(attributes);
    } catch (IllegalArgumentException e) {
      throw json.corrupt("more attributes than a file can have");
    }
  }

  /// The bytes of an object of their own.
  public byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    writeTo(json.beginObject().field("stream", STREAM).name("attributes"));
    return json.endObject().newline().toByteArray();
  }

  /// Reads what [#encode] wrote.
  ///
  /// @throws CorruptException if it is not that
  public static Attributes decode(byte[] bytes) throws CorruptException {
    boolean named = false;
    Attributes attributes = NONE;
    try (JsonInput json = JsonInput.of("attributes", bytes)) {
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          if (name.equals("stream")) {
            named = json.string().equals(STREAM);
          } else {
            attributes = readFrom(json);
          }
        }
      }
      json.finish();
      if (!named) {
        throw json.corrupt("expected the stream " + STREAM);
      }
    }
    return attributes;
  }
}
