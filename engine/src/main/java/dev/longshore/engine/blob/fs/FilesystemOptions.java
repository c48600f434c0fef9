package dev.longshore.engine.blob.fs;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings of a filesystem store, Kopia's `config` object of the type `filesystem`.
///
/// JSON, in this order: `path`, `fileMode`, `dirMode` (decimal), `uid`, `gid`, `dirShards`,
/// `listParallelism`, then [ThrottlingLimits]. Modes, `uid`, `gid` and `listParallelism` are left
/// out when unset.
///
/// Source: kopia 4ebb2be6c `repo/blob/filesystem/filesystem_options.go`.
///
/// @param path the store's folder
/// @param fileMode permissions of blobs; 0 for 0600
/// @param dirMode permissions of folders; 0 for 0700
/// @param uid owner of blobs, if the process may give files away; -1 to leave it
/// @param gid group of blobs, together with `uid`; -1 to leave it
/// @param dirShards folder name lengths to use in a store that does not say; null for the default
/// @param listParallelism folders listed at once; 0 for one
public record FilesystemOptions(
    String path,
    int fileMode,
    int dirMode,
    int uid,
    int gid,
    @Nullable List<Integer> dirShards,
    int listParallelism,
    ThrottlingLimits limits) {
  /// Kopia's defaults for a path.
  public static FilesystemOptions of(String path) {
    return new FilesystemOptions(path, 0600, 0700, -1, -1, null, 0, ThrottlingLimits.NONE);
  }

  /// A copy that shards new stores otherwise: `[]` for flat, null for the default.
  public FilesystemOptions withDirShards(@Nullable List<Integer> newDirShards) {
    return new FilesystemOptions(
        path, fileMode, dirMode, uid, gid, newDirShards, listParallelism, limits);
  }

  /// Reads the `config` object.
  ///
  /// @throws CorruptException if it is not such JSON
  public static FilesystemOptions parse(byte[] json) throws CorruptException {
    String path = "";
    int fileMode = 0;
    int dirMode = 0;
    int uid = -1;
    int gid = -1;
    List<Integer> shards = null;
    int parallelism = 0;
    ThrottlingLimits limits = ThrottlingLimits.NONE;
    try (JsonInput in = JsonInput.of("filesystem config", json)) {
      in.beginObject();
      for (String name = in.nextKey(); name != null; name = in.nextKey()) {
        switch (name) {
          case "path" -> path = in.string();
          case "fileMode" -> fileMode = (int) in.integer(0, 0xffff_ffffL);
          case "dirMode" -> dirMode = (int) in.integer(0, 0xffff_ffffL);
          case "uid" -> uid = in.isNull() ? -1 : in.int32();
          case "gid" -> gid = in.isNull() ? -1 : in.int32();
          case "dirShards" -> shards = in.isNull() ? null : readSizes(in);
          case "listParallelism" -> parallelism = (int) in.integer(0, 1000);
          default -> limits = limits.with(name, in);
        }
      }
      in.finish();
    }
    return new FilesystemOptions(path, fileMode, dirMode, uid, gid, shards, parallelism, limits);
  }

  static List<Integer> readSizes(JsonInput in) throws CorruptException {
    List<Integer> sizes = new ArrayList<>();
    if (in.beginArray()) {
      while (in.nextElement()) {
        sizes.add((int) in.integer(1, 255));
      }
    }
    return List.copyOf(sizes);
  }

  /// The `config` object, compact.
  public String toJson() {
    GoJsonWriter json = new GoJsonWriter().beginObject();
    json.field("path", path);
    json.fieldUnlessZero("fileMode", fileMode & 0xffff_ffffL);
    json.fieldUnlessZero("dirMode", dirMode & 0xffff_ffffL);
    if (uid >= 0) {
      json.field("uid", uid);
    }
    if (gid >= 0) {
      json.field("gid", gid);
    }
    json.name("dirShards");
    if (dirShards == null) {
      json.nullValue();
    } else {
      json.beginArray();
      dirShards.forEach(json::value);
      json.endArray();
    }
    json.fieldUnlessZero("listParallelism", listParallelism);
    limits.writeTo(json);
    return new String(json.endObject().toByteArray(), StandardCharsets.UTF_8);
  }
}
