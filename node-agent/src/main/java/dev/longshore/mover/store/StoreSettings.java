package dev.longshore.mover.store;

/// A store as the engine opens it.
///
/// @param type of the engine's store factories
/// @param configJson the store's settings, with its secrets
/// @param authority where tokens of Entra ID come from; empty for the usual place
record StoreSettings(String type, String configJson, String authority) {
  StoreSettings(String type, String configJson) {
    this(type, configJson, "");
  }

  @Override
  public String toString() {
    return "StoreSettings[" + type + "]";
  }
}
