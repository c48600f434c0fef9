package dev.longshore.engine.blob.s3;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.ArrayList;
import java.util.List;

/// Which blobs go to which storage class: the object `.storageconfig` of a bucket.
///
/// JSON: `{"blobOptions":[{"prefix":"p","storageClass":"GLACIER_IR"},…]}`; the first prefix that
/// fits counts.
///
/// Source: kopia 4ebb2be6c `repo/blob/s3/s3_storage_config.go`.
record StorageClasses(List<Rule> rules) {
  /// The object's name after the store's prefix; no blob.
  static final String OBJECT = ".storageconfig";

  /// The bucket's default for everything.
  static final StorageClasses NONE = new StorageClasses(List.of());

  private static final JsonFields FIELDS = JsonFields.of("blobOptions");
  private static final JsonFields RULE_FIELDS = JsonFields.of("prefix", "storageClass");

  record Rule(String prefix, String storageClass) {}

  static StorageClasses parse(byte[] json) throws CorruptException {
    List<Rule> rules = new ArrayList<>();
    try (JsonInput in = JsonInput.of(OBJECT, json)) {
      in.beginObject();
      for (String name = in.nextField(FIELDS); name != null; name = in.nextField(FIELDS)) {
        if (in.beginArray()) {
          while (in.nextElement()) {
            rules.add(rule(in));
          }
        }
      }
      in.finish();
    }
    return new StorageClasses(List.copyOf(rules));
  }

  private static Rule rule(JsonInput in) throws CorruptException {
    String prefix = "";
    String storageClass = "";
    if (in.beginObject()) {
      for (String name = in.nextField(RULE_FIELDS);
          name != null;
          name = in.nextField(RULE_FIELDS)) {
        if (name.equals("prefix")) {
          prefix = in.string();
        } else {
          storageClass = in.string();
        }
      }
    }
    if (!storageClass.matches("[A-Za-z0-9_-]*")) {
      throw in.corrupt("not a storage class");
    }
    return new Rule(prefix, storageClass);
  }

  /// The class of a blob; empty for the bucket's default.
  String of(BlobId id) {
    for (Rule rule : rules) {
      if (id.startsWith(rule.prefix)) {
        return rule.storageClass;
      }
    }
    return "";
  }
}
