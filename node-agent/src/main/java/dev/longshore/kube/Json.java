package dev.longshore.kube;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A JSON value. Immutable; equal by content, objects whatever their order.
///
/// A tree and not classes per kind: an object that is read and written back keeps the fields that
/// this program does not know.
public sealed interface Json {
  /// An object; its fields in the order of the document.
  ///
  /// @param fields none is null; [Null] stands for JSON's
  record Obj(SequencedMap<String, Json> fields) implements Json {
    public static final Obj EMPTY = new Obj(new LinkedHashMap<>());

    public Obj {
      fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    /// An object of one field.
    public static Obj of(String name, Json value) {
      return EMPTY.with(name, value);
    }

    /// The value of a field, null if there is none or it is JSON's null.
    public @Nullable Json get(String name) {
      Json value = fields.get(name);
      return value instanceof Null ? null : value;
    }

    /// This object with a field set; it stays where it was, or comes last.
    public Obj with(String name, Json value) {
      SequencedMap<String, Json> changed = new LinkedHashMap<>(fields);
      changed.put(name, value);
      return new Obj(changed);
    }

    public Obj with(String name, String value) {
      return with(name, new Str(value));
    }

    public Obj with(String name, long value) {
      return with(name, Num.of(value));
    }

    public Obj with(String name, boolean value) {
      return with(name, new Bool(value));
    }

    /// This object without a field.
    public Obj without(String name) {
      if (!fields.containsKey(name)) {
        return this;
      }
      SequencedMap<String, Json> changed = new LinkedHashMap<>(fields);
      changed.remove(name);
      return new Obj(changed);
    }

    /// An object of strings.
    public static Obj ofStrings(Map<String, String> strings) {
      SequencedMap<String, Json> fields = new LinkedHashMap<>();
      strings.forEach((name, value) -> fields.put(name, new Str(value)));
      return new Obj(fields);
    }

    /// The fields that are strings.
    public SequencedMap<String, String> strings() {
      SequencedMap<String, String> strings = new LinkedHashMap<>();
      fields.forEach((name, value) -> {
        if (value instanceof Str(String text)) {
          strings.put(name, text);
        }
      });
      return strings;
    }
  }

  /// An array.
  record Arr(List<Json> elements) implements Json {
    public static final Arr EMPTY = new Arr(List.of());

    public Arr {
      elements = List.copyOf(elements);
    }

    public static Arr of(Json... elements) {
      return new Arr(List.of(elements));
    }

    public static Arr ofStrings(List<String> strings) {
      return new Arr(strings.stream().<Json>map(Str::new).toList());
    }

    /// The elements that are objects.
    public List<Obj> objects() {
      return elements.stream().filter(Obj.class::isInstance).map(Obj.class::cast).toList();
    }

    /// The elements that are strings.
    public List<String> strings() {
      return elements.stream()
          .filter(Str.class::isInstance)
          .map(element -> ((Str) element).text())
          .toList();
    }
  }

  /// A string.
  record Str(String text) implements Json {}

  /// A number, as it was written.
  record Num(String text) implements Json {
    public static Num of(long value) {
      return new Num(Long.toString(value));
    }
  }

  /// A truth value.
  record Bool(boolean value) implements Json {}

  /// JSON's null.
  record Null() implements Json {
    public static final Null NULL = new Null();
  }
}
