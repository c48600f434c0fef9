package dev.longshore.engine.blob.fs;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How blob names become paths: the content of `.shards`, which a store keeps in its root.
///
/// A name of at most `maxNonShardedLength` characters is a file in the root. Of a longer one,
/// folders of the given lengths are cut off, as long as more than the length remains. The file's
/// name ends in `.f`. JSON, one line:
/// `{"default":[1,3],"maxNonShardedLength":20,"overrides":[{"prefix":"p","shards":[2,2]}]}`.
///
/// Source: kopia 4ebb2be6c `repo/blob/sharded/sharded_parameters.go`.
///
/// @param shards folder name lengths of names without an override
/// @param overrides the first whose prefix the name has, counts
record Sharding(List<Integer> shards, int maxNonShardedLength, List<PrefixShards> overrides) {
  /// The file's name.
  static final String FILE_NAME = ".shards";

  /// What the files of blobs end in.
  static final String SUFFIX = ".f";

  /// The default of new stores.
  static final List<Integer> NEW = List.of(1, 3);

  /// What stores without `.shards` use.
  static final List<Integer> OLD = List.of(3, 3);

  private static final int DEFAULT_MAX_NON_SHARDED = 20;

  /// Folder name lengths for names with a prefix.
  record PrefixShards(String prefix, List<Integer> shards) {}

  static Sharding of(List<Integer> shards) {
    return new Sharding(List.copyOf(shards), DEFAULT_MAX_NON_SHARDED, List.of());
  }

  static Sharding parse(byte[] json) throws CorruptException {
    List<Integer> shards = List.of();
    int maxNonSharded = 0;
    List<PrefixShards> overrides = new ArrayList<>();
    try (JsonInput in = JsonInput.of(FILE_NAME, json)) {
      in.beginObject();
      for (String name = in.nextKey(); name != null; name = in.nextKey()) {
        switch (name) {
          case "default" -> shards = FilesystemOptions.readSizes(in);
          case "maxNonShardedLength" -> maxNonSharded = (int) in.integer(0, Integer.MAX_VALUE);
          case "overrides" -> readOverrides(in, overrides);
          default -> in.skip();
        }
      }
      in.finish();
    }
    return new Sharding(shards, maxNonSharded, List.copyOf(overrides));
  }

  private static void readOverrides(JsonInput in, List<PrefixShards> overrides)
      throws CorruptException {
    if (!in.beginArray()) {
      return;
    }
    while (in.nextElement()) {
      String prefix = "";
      List<Integer> shards = List.of();
      in.beginObject();
      for (String name = in.nextKey(); name != null; name = in.nextKey()) {
        switch (name) {
          case "prefix" -> prefix = in.string();
          case "shards" -> shards = FilesystemOptions.readSizes(in);
          default -> in.skip();
        }
      }
      overrides.add(new PrefixShards(prefix, shards));
    }
  }

  byte[] encode() {
    GoJsonWriter json = new GoJsonWriter().beginObject();
    writeSizes(json, "default", shards);
    json.field("maxNonShardedLength", maxNonShardedLength);
    if (!overrides.isEmpty()) {
      json.name("overrides").beginArray();
      for (PrefixShards override : overrides) {
        json.beginObject().field("prefix", override.prefix);
        writeSizes(json, "shards", override.shards);
        json.endObject();
      }
      json.endArray();
    }
    return json.endObject().newline().toByteArray();
  }

  private static void writeSizes(GoJsonWriter json, String name, List<Integer> sizes) {
    json.name(name).beginArray();
    sizes.forEach(json::value);
    json.endArray();
  }

  /// The path of a blob's file below the root, with `/` between names; empty for a name whose parts
  /// would mean another folder (`.`, `..`), which no client writes.
  Optional<String> path(BlobId id) {
    String rest = id.value();
    StringBuilder path = new StringBuilder(rest.length() + 8);
    if (rest.length() > maxNonShardedLength) {
      for (int size : shardsOf(id)) {
        if (rest.length() <= size) {
          break;
        }
        String folder = rest.substring(0, size);
        if (folder.equals(".") || folder.equals("..")) {
          return Optional.empty();
        }
        path.append(folder).append('/');
        rest = rest.substring(size);
      }
    }
    return Optional.of(path.append(rest).append(SUFFIX).toString());
  }

  private List<Integer> shardsOf(BlobId id) {
    for (PrefixShards override : overrides) {
      if (id.startsWith(override.prefix)) {
        return override.shards;
      }
    }
    return shards;
  }
}
