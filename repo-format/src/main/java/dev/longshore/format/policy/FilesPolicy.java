package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which files a snapshot leaves out. Null, 0, false and an empty list are unset.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/files_policy.go`.
///
/// @param ignoreRules patterns, see the engine's `IgnoreMatcher`
/// @param dotIgnoreFiles names of files that hold further patterns for their directory
/// @param ignoreCacheDirs take a directory with a valid `CACHEDIR.TAG` for empty; unset means yes
/// @param oneFileSystem stay on the parent's device; unset means no
public record FilesPolicy(
    List<String> ignoreRules,
    boolean noParentIgnoreRules,
    List<String> dotIgnoreFiles,
    boolean noParentDotIgnoreFiles,
    @Nullable Boolean ignoreCacheDirs,
    long maxFileSizeBytes,
    @Nullable Boolean oneFileSystem) {
  /// Nothing set.
  public static final FilesPolicy UNSET =
      new FilesPolicy(List.of(), false, List.of(), false, null, 0, null);

  private static final JsonFields FIELDS =
      JsonFields.of(
          "ignore",
          "noParentIgnore",
          "ignoreDotFiles",
          "noParentDotFiles",
          "ignoreCacheDirs",
          "maxFileSize",
          "oneFileSystem");

  public FilesPolicy {
    ignoreRules = List.copyOf(ignoreRules);
    dotIgnoreFiles = List.copyOf(dotIgnoreFiles);
  }

  void writeTo(GoJsonWriter json) {
    json.beginObject()
        .fieldUnlessEmpty("ignore", ignoreRules)
        .fieldIfTrue("noParentIgnore", noParentIgnoreRules)
        .fieldUnlessEmpty("ignoreDotFiles", dotIgnoreFiles)
        .fieldIfTrue("noParentDotFiles", noParentDotIgnoreFiles)
        .fieldUnlessNull("ignoreCacheDirs", ignoreCacheDirs)
        .fieldUnlessZero("maxFileSize", maxFileSizeBytes)
        .fieldUnlessNull("oneFileSystem", oneFileSystem)
        .endObject();
  }

  static FilesPolicy readFrom(JsonInput json) throws CorruptException {
    List<String> ignoreRules = List.of();
    boolean noParentIgnoreRules = false;
    List<String> dotIgnoreFiles = List.of();
    boolean noParentDotIgnoreFiles = false;
    Boolean ignoreCacheDirs = null;
    long maxFileSizeBytes = 0;
    Boolean oneFileSystem = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "ignore" -> ignoreRules = json.strings();
          case "noParentIgnore" -> noParentIgnoreRules = json.bool();
          case "ignoreDotFiles" -> dotIgnoreFiles = json.strings();
          case "noParentDotFiles" -> noParentDotIgnoreFiles = json.bool();
          case "ignoreCacheDirs" -> ignoreCacheDirs = json.optionalBool();
          case "maxFileSize" -> maxFileSizeBytes = json.int64();
          case "oneFileSystem" -> oneFileSystem = json.optionalBool();
          default -> json.skip();
        }
      }
    }
    return new FilesPolicy(
        ignoreRules,
        noParentIgnoreRules,
        dotIgnoreFiles,
        noParentDotIgnoreFiles,
        ignoreCacheDirs,
        maxFileSizeBytes,
        oneFileSystem);
  }
}
