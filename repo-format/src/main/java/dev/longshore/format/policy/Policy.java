package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The settings one target has of its own: the document of a manifest with label `type=policy`.
/// What is not set here comes from wider targets and from defaults; the engine's `EffectivePolicy`
/// puts them together.
///
/// | field | type |
/// |---|---|
/// | `retention` | [RetentionPolicy] |
/// | `files` | [FilesPolicy] |
/// | `errorHandling` | [ErrorHandlingPolicy] |
/// | `scheduling` | [SchedulingPolicy] |
/// | `compression` | [CompressionPolicy] |
/// | `metadataCompression` | `{compressorName}` |
/// | `splitter` | `{algorithm}` |
/// | `actions` | [ActionsPolicy] |
/// | `osSnapshots` | `{volumeShadowCopy:{enable}}`; 0 never, 1 always, 2 when available |
/// | `logging` | [LoggingPolicy] |
/// | `upload` | [UploadPolicy] |
/// | `noParent` | boolean, absent if false |
///
/// The sections are always present, in this order; inside, what is unset is absent. Unknown fields
/// are skipped. Source: kopia 4ebb2be6c `snapshot/policy/policy.go`, `policy_manager.go`; all
/// versions.
///
/// @param metadataCompressor the compressor of directories and lists, "" if unset
/// @param splitter a splitter's name, "" if unset
/// @param volumeShadowCopy null if unset
/// @param noParent take nothing from wider targets, nor from defaults
public record Policy(
    RetentionPolicy retention,
    FilesPolicy files,
    ErrorHandlingPolicy errorHandling,
    SchedulingPolicy scheduling,
    CompressionPolicy compression,
    String metadataCompressor,
    String splitter,
    ActionsPolicy actions,
    @Nullable Long volumeShadowCopy,
    LoggingPolicy logging,
    UploadPolicy upload,
    boolean noParent) {
  /// The value of the label `type`.
  public static final String TYPE = "policy";

  /// The label that tells which kind of target a policy has: `global`, `host`, `user` or `path`.
  public static final String TARGET_LABEL = "policyType";

  /// Nothing set.
  public static final Policy UNSET =
      new Policy(
          RetentionPolicy.UNSET,
          FilesPolicy.UNSET,
          ErrorHandlingPolicy.UNSET,
          SchedulingPolicy.UNSET,
          CompressionPolicy.UNSET,
          "",
          "",
          ActionsPolicy.UNSET,
          null,
          LoggingPolicy.UNSET,
          UploadPolicy.UNSET,
          false);

  private static final JsonFields FIELDS =
      JsonFields.of(
          "retention",
          "files",
          "errorHandling",
          "scheduling",
          "compression",
          "metadataCompression",
          "splitter",
          "actions",
          "osSnapshots",
          "logging",
          "upload",
          "noParent");
  private static final JsonFields COMPRESSOR = JsonFields.of("compressorName");
  private static final JsonFields SPLITTER = JsonFields.of("algorithm");
  private static final JsonFields SHADOW_COPY = JsonFields.of("volumeShadowCopy");
  private static final JsonFields ENABLE = JsonFields.of("enable");

  /// The same policy with another schedule.
  public Policy withScheduling(SchedulingPolicy newScheduling) {
    return new Policy(
        retention,
        files,
        errorHandling,
        newScheduling,
        compression,
        metadataCompressor,
        splitter,
        actions,
        volumeShadowCopy,
        logging,
        upload,
        noParent);
  }

  /// The labels of the manifest that holds a target's policy.
  public static Map<String, String> labelsOf(SourceInfo target) {
    SortedMap<String, String> labels = new TreeMap<>();
    labels.put("type", TYPE);
    if (!target.path().isEmpty()) {
      labels.put(TARGET_LABEL, "path");
      labels.put("username", target.userName());
      labels.put("hostname", target.host());
      labels.put("path", target.path());
    } else if (!target.userName().isEmpty()) {
      labels.put(TARGET_LABEL, "user");
      labels.put("username", target.userName());
      labels.put("hostname", target.host());
    } else if (!target.host().isEmpty()) {
      labels.put(TARGET_LABEL, "host");
      labels.put("hostname", target.host());
    } else {
      labels.put(TARGET_LABEL, "global");
    }
    return labels;
  }

  /// The target of a policy, from its manifest's labels.
  public static SourceInfo targetOf(Map<String, String> labels) {
    return new SourceInfo(
        labels.getOrDefault("hostname", ""),
        labels.getOrDefault("username", ""),
        labels.getOrDefault("path", ""));
  }

  /// The manifest's document.
  public byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    writeTo(json);
    return json.toByteArray();
  }

  /// Writes the document as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject();
    writeFields(json);
    json.endObject();
  }

  /// Writes the document's fields into an open object.
  public void writeFields(GoJsonWriter json) {
    retention.writeTo(json.name("retention"));
    files.writeTo(json.name("files"));
    errorHandling.writeTo(json.name("errorHandling"));
    scheduling.writeTo(json.name("scheduling"));
    compression.writeTo(json.name("compression"));
    json.name("metadataCompression")
        .beginObject()
        .fieldUnlessEmpty("compressorName", metadataCompressor)
        .endObject();
    json.name("splitter").beginObject().fieldUnlessEmpty("algorithm", splitter).endObject();
    actions.writeTo(json.name("actions"));
    json.name("osSnapshots")
        .beginObject()
        .name("volumeShadowCopy")
        .beginObject()
        .fieldUnlessNull("enable", volumeShadowCopy)
        .endObject()
        .endObject();
    logging.writeTo(json.name("logging"));
    upload.writeTo(json.name("upload"));
    json.fieldIfTrue("noParent", noParent);
  }

  /// Reads the manifest's document.
  ///
  /// @throws CorruptException if it is not a policy
  public static Policy decode(byte[] data) throws CorruptException {
    try (JsonInput json = JsonInput.of("policy", data)) {
      Policy policy = readFrom(json);
      json.finish();
      return policy;
    }
  }

  private static Policy readFrom(JsonInput json) throws CorruptException {
    RetentionPolicy retention = RetentionPolicy.UNSET;
    FilesPolicy files = FilesPolicy.UNSET;
    ErrorHandlingPolicy errorHandling = ErrorHandlingPolicy.UNSET;
    SchedulingPolicy scheduling = SchedulingPolicy.UNSET;
    CompressionPolicy compression = CompressionPolicy.UNSET;
    String metadataCompressor = "";
    String splitter = "";
    ActionsPolicy actions = ActionsPolicy.UNSET;
    Long shadowCopy = null;
    LoggingPolicy logging = LoggingPolicy.UNSET;
    UploadPolicy upload = UploadPolicy.UNSET;
    boolean noParent = false;
    if (!json.beginObject()) {
      throw json.corrupt("expected an object, found nothing");
    }
    for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
      switch (name) {
        case "retention" -> retention = RetentionPolicy.readFrom(json);
        case "files" -> files = FilesPolicy.readFrom(json);
        case "errorHandling" -> errorHandling = ErrorHandlingPolicy.readFrom(json);
        case "scheduling" -> scheduling = SchedulingPolicy.readFrom(json);
        case "compression" -> compression = CompressionPolicy.readFrom(json);
        case "metadataCompression" -> metadataCompressor = readString(json, COMPRESSOR);
        case "splitter" -> splitter = readString(json, SPLITTER);
        case "actions" -> actions = ActionsPolicy.readFrom(json);
        case "osSnapshots" -> shadowCopy = readShadowCopy(json);
        case "logging" -> logging = LoggingPolicy.readFrom(json);
        case "upload" -> upload = UploadPolicy.readFrom(json);
        default -> noParent = json.bool();
      }
    }
    return new Policy(
        retention,
        files,
        errorHandling,
        scheduling,
        compression,
        metadataCompressor,
        splitter,
        actions,
        shadowCopy,
        logging,
        upload,
        noParent);
  }

  /// Reads an object of which one string field counts.
  private static String readString(JsonInput json, JsonFields field) throws CorruptException {
    String value = "";
    if (json.beginObject()) {
      while (json.nextField(field) != null) {
        value = json.string();
      }
    }
    return value;
  }

  private static @Nullable Long readShadowCopy(JsonInput json) throws CorruptException {
    Long enable = null;
    if (json.beginObject()) {
      while (json.nextField(SHADOW_COPY) != null) {
        if (json.beginObject()) {
          while (json.nextField(ENABLE) != null) {
            enable = json.optionalInt64();
          }
        }
      }
    }
    return enable;
  }
}
