package dev.longshore.kube;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML 1.2 documents as JSON trees. Tags other than YAML's own are refused. Safe for use by many
/// threads.
public final class Yaml {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_CHARS = 4 << 20;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setAllowDuplicateKeys(false)
          .setAllowNonScalarKeys(false)
          .setCodePointLimit(MAX_CHARS)
          .setUseMarks(true)
          .build();

  private Yaml() {}

  /// Reads a document that is one mapping.
  ///
  /// @throws IOException if it is malformed or another value
  public static Json.Obj parseObject(String text) throws IOException {
    List<Json> documents = parseAll(text);
    if (documents.size() == 1 && documents.getFirst() instanceof Json.Obj object) {
      return object;
    }
    throw new IOException(
        "expected one YAML mapping, found "
            + (documents.size() == 1 ? "another value" : documents.size() + " documents"));
  }

  /// Reads all documents of a stream; empty ones are left out.
  public static List<Json> parseAll(String text) throws IOException {
    List<Json> documents = new ArrayList<>();
    try {
      for (Object document : new Load(SETTINGS).loadAllFromString(text)) {
        if (document != null) {
          documents.add(new Conversion().value(document, 0));
        }
      }
    } catch (YamlEngineException e) {
      throw new IOException("the YAML document is malformed" + place(e));
    } catch (StackOverflowError e) {
      // The parser calls itself for each level, and has no limit of its own.
      throw new IOException("the YAML document is nested too deeply", e);
    }
    return documents;
  }

  /// Where, and nothing of the text itself: it may hold secrets.
  private static String place(YamlEngineException failure) {
    return failure instanceof MarkedYamlEngineException marked
        ? marked.getProblemMark().map(mark -> " in line " + (mark.getLine() + 1)).orElse("")
        : "";
  }

  /// Keeps what aliases share shared, so that a small text stays a small tree.
  private static final class Conversion {
    private final IdentityHashMap<Object, Json> done = new IdentityHashMap<>();

    Json value(@Nullable Object value, int depth) throws IOException {
      if (depth > MAX_DEPTH) {
        throw new IOException("the YAML document is nested too deeply");
      }
      return switch (value) {
        case null -> Json.Null.NULL;
        case String text -> new Json.Str(text);
        case Boolean truth -> new Json.Bool(truth);
        case Number number -> number(number);
        case Map<?, ?> map -> mapping(map, depth);
        case List<?> list -> sequence(list, depth);
        default -> throw new IOException("the YAML document holds a " + value.getClass().getName());
      };
    }

    private static Json number(Number number) throws IOException {
      if (number instanceof Double real && !Double.isFinite(real)) {
        throw new IOException("the YAML document holds a number that JSON does not have");
      }
      return new Json.Num(number.toString());
    }

    private Json mapping(Map<?, ?> map, int depth) throws IOException {
      Json known = done.get(map);
      if (known != null) {
        return known;
      }
      SequencedMap<String, Json> fields = new LinkedHashMap<>();
      for (Map.Entry<?, ?> field : map.entrySet()) {
        fields.put(String.valueOf(field.getKey()), value(field.getValue(), depth + 1));
      }
      Json object = new Json.Obj(fields);
      done.put(map, object);
      return object;
    }

    private Json sequence(List<?> list, int depth) throws IOException {
      Json known = done.get(list);
      if (known != null) {
        return known;
      }
      List<Json> elements = new ArrayList<>();
      for (Object element : list) {
        elements.add(value(element, depth + 1));
      }
      Json array = new Json.Arr(elements);
      done.put(list, array);
      return array;
    }
  }
}
