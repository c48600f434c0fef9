package dev.longshore.engine.blob;

/// A store as `repository status` shows it and `repository.config` keeps it.
///
/// @param type Kopia's name of the kind: `filesystem`, `s3`, `azureBlob`, …
/// @param displayName for people: `Filesystem: /r`
/// @param configJson Kopia's `config` object of the store, compact JSON, secrets included
public record StoreDescription(String type, String displayName, String configJson) {
  @Override
  public String toString() {
    return displayName;
  }
}
