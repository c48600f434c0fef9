package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A structural schema: what the server keeps of an object, and what it refuses.
final class Schema {
  private final Json.Obj text;
  private final Map<String, Schema> properties = new LinkedHashMap<>();
  private final @Nullable Schema additional;
  private final @Nullable Schema items;
  private final boolean keepsUnknown;
  private final boolean nullable;
  private final Map<Expression, String> rules = new LinkedHashMap<>();

  private Schema(Json.Obj text) {
    this.text = text;
    if (text.get("properties") instanceof Json.Obj fields) {
      fields
          .fields()
          .forEach((name, schema) -> properties.put(name, new Schema((Json.Obj) schema)));
    }
    additional =
        text.get("additionalProperties") instanceof Json.Obj inner ? new Schema(inner) : null;
    items = text.get("items") instanceof Json.Obj inner ? new Schema(inner) : null;
    keepsUnknown = isTrue("x-kubernetes-preserve-unknown-fields") || isTrue("additionalProperties");
    nullable = isTrue("nullable");
    if (text.get("x-kubernetes-validations") instanceof Json.Arr validations) {
      for (Json.Obj rule : validations.objects()) {
        KubeObject fields = new KubeObject(rule);
        rules.put(new Expression(fields.text("rule")), fields.text("message"));
      }
    }
  }

  /// The schema of a whole object: its metadata is the server's own business.
  static Schema of(Json.Obj openApi) {
    Schema schema = new Schema(openApi);
    schema.properties.put("apiVersion", new Schema(Json.Obj.of("type", new Json.Str("string"))));
    schema.properties.put("kind", new Schema(Json.Obj.of("type", new Json.Str("string"))));
    schema.properties.put(
        "metadata",
        new Schema(Json.Obj.of("x-kubernetes-preserve-unknown-fields", new Json.Bool(true))));
    return schema;
  }

  private boolean isTrue(String field) {
    return text.get(field) instanceof Json.Bool(boolean value) && value;
  }

  /// The value without what the schema does not know, and with its defaults.
  Json prune(Json value) {
    return switch (value) {
      case Json.Obj object -> keepsUnknown && properties.isEmpty() ? object : pruned(object);
      case Json.Arr(List<Json> elements) when items != null ->
          new Json.Arr(elements.stream().map(items::prune).toList());
      default -> value;
    };
  }

  private Json pruned(Json.Obj object) {
    SequencedMap<String, Json> kept = new LinkedHashMap<>();
    object
        .fields()
        .forEach((name, value) -> {
          Schema schema = properties.getOrDefault(name, additional);
          if (schema != null && (schema.nullable || !(value instanceof Json.Null))) {
            kept.put(name, schema.prune(value));
          } else if (schema == null && keepsUnknown) {
            kept.put(name, value);
          }
        });
    properties.forEach((name, schema) -> {
      Json standard = schema.text.get("default");
      if (standard != null) {
        kept.putIfAbsent(name, standard);
      }
    });
    return new Json.Obj(kept);
  }

  /// Adds what is wrong with a value.
  ///
  /// @param before what was in its place; null if there was nothing
  void validate(Json value, @Nullable Json before, String path, List<String> errors) {
    if (value instanceof Json.Null && nullable) {
      return;
    }
    if (!isOfType(value)) {
      errors.add("%s: Invalid value: must be of type %s".formatted(path, type()));
      return;
    }
    if (text.get("enum") instanceof Json.Arr(List<Json> allowed) && !allowed.contains(value)) {
      errors.add("%s: Unsupported value: %s".formatted(path, value));
    }
    rules.forEach((rule, message) -> {
      if (!rule.holds(value, before)) {
        errors.add("%s: Invalid value: %s".formatted(path, message));
      }
    });
    switch (value) {
      case Json.Obj object -> validateFields(object, before, path, errors);
      case Json.Arr(List<Json> elements) -> validateElements(elements, path, errors);
      case Json.Str(String string) -> validateString(string, path, errors);
      case Json.Num(String digits) -> validateNumber(digits, path, errors);
      case Json.Bool _, Json.Null _ -> {}
    }
  }

  private String type() {
    return text.get("type") instanceof Json.Str(String type) ? type : "";
  }

  private boolean isOfType(Json value) {
    if (isTrue("x-kubernetes-int-or-string")) {
      return value instanceof Json.Str || isInteger(value);
    }
    return switch (type()) {
      case "object" -> value instanceof Json.Obj;
      case "array" -> value instanceof Json.Arr;
      case "string" -> value instanceof Json.Str;
      case "boolean" -> value instanceof Json.Bool;
      case "integer" -> isInteger(value);
      case "number" -> value instanceof Json.Num;
      default -> true;
    };
  }

  private static boolean isInteger(Json value) {
    return value instanceof Json.Num(String digits) && digits.matches("-?[0-9]{1,19}");
  }

  private void validateFields(
      Json.Obj object, @Nullable Json before, String path, List<String> errors) {
    if (text.get("required") instanceof Json.Arr required) {
      for (String name : required.strings()) {
        if (!object.fields().containsKey(name)) {
          errors.add(child(path, name) + ": Required value");
        }
      }
    }
    object
        .fields()
        .forEach((name, value) -> {
          Schema schema = properties.getOrDefault(name, additional);
          if (schema != null) {
            Json old = before instanceof Json.Obj fields ? fields.get(name) : null;
            schema.validate(value, old, child(path, name), errors);
          }
        });
  }

  private static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void validateElements(List<Json> elements, String path, List<String> errors) {
    if (text.get("minItems") instanceof Json.Num(String least)
        && elements.size() < Long.parseLong(least)) {
      errors.add("%s: Invalid value: should have at least %s items".formatted(path, least));
    }
    if (items != null) {
      for (int i = 0; i < elements.size(); i++) {
        items.validate(elements.get(i), null, path + "[" + i + "]", errors);
      }
    }
  }

  private void validateString(String string, String path, List<String> errors) {
    if (text.get("format") instanceof Json.Str(String format) && format.equals("date-time")) {
      try {
        OffsetDateTime.parse(string);
      } catch (DateTimeParseException e) {
        errors.add("%s: Invalid value: \"%s\": must be of type date-time".formatted(path, string));
      }
    }
    if (text.get("pattern") instanceof Json.Str(String pattern)
        && !isTrue("x-kubernetes-int-or-string")
        && !Pattern.compile(pattern).matcher(string).find()) {
      errors.add("%s: Invalid value: should match '%s'".formatted(path, pattern));
    }
  }

  private void validateNumber(String digits, String path, List<String> errors) {
    if (text.get("minimum") instanceof Json.Num(String least)
        && Double.parseDouble(digits) < Double.parseDouble(least)) {
      errors.add("%s: Invalid value: should be at least %s".formatted(path, least));
    }
  }
}
