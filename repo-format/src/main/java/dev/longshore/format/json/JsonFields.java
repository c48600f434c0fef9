package dev.longshore.format.json;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The field names one kind of object knows.
///
/// Go matches an incoming name exactly if it can and otherwise without regard to case; so does
/// this, with the case rules of ASCII (no known name has other letters).
public final class JsonFields {
  private final Set<String> exact = new HashSet<>();
  private final Map<String, String> folded = new HashMap<>();

  private JsonFields() {}

  /// @throws IllegalArgumentException if two names differ in nothing but case
  public static JsonFields of(String... names) {
    JsonFields fields = new JsonFields();
    for (String name : names) {
      fields.exact.add(name);
      if (fields.folded.put(name.toLowerCase(Locale.ROOT), name) != null) {
        throw new IllegalArgumentException("field " + name + " twice");
      }
    }
    return fields;
  }

  /// The known name that `name` stands for, or null.
  @Nullable String match(String name) {
    if (exact.contains(name)) {
      return name;
    }
    return folded.get(name.toLowerCase(Locale.ROOT));
  }
}
