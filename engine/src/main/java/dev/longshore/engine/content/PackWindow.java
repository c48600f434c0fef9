package dev.longshore.engine.content;

import dev.longshore.format.id.BlobId;

/// Packs between two names.
///
/// @param after the name before the first; "" for none
/// @param last the last name that counts; "" for no end
public record PackWindow(String after, String last) {
  /// Every pack.
  public static final PackWindow ALL = new PackWindow("", "");

  /// Tells whether a pack is in it.
  public boolean includes(BlobId pack) {
    return pack.value().compareTo(after) > 0
        && (last.isEmpty() || pack.value().compareTo(last) <= 0);
  }
}
