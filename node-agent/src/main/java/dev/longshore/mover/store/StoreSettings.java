package dev.longshore.mover.store;

/// A store as the engine opens it.
///
/// @param type of the engine's store factories
/// @param configJson the store's settings, with its secrets
/// @param authority where tokens of Entra ID come from; empty for the usual place
/// @param rootCaPem certificates to trust, where the store's settings cannot hold them; empty for
///   the system's
record StoreSettings(String type, String configJson, String authority, String rootCaPem) {
  StoreSettings(String type, String configJson) {
    this(type, configJson, "", "");
  }

  @Override
  public String toString() {
    return "StoreSettings[" + type + "]";
  }
}
