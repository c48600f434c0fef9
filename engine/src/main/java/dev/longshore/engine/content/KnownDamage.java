package dev.longshore.engine.content;

import dev.longshore.format.index.IndexEntry;

/// What is known of contents that the index names but that cannot be read: a write session writes
/// them anew when it is given their bytes, as if they were not there. Thread-safe.
public interface KnownDamage {
  /// Nothing is known to be damaged.
  KnownDamage NONE =
      new KnownDamage() {
        @Override
        public boolean isEmpty() {
          return true;
        }

        @Override
        public boolean touches(IndexEntry entry) {
          return false;
        }
      };

  /// Tells whether nothing is known.
  boolean isEmpty();

  /// Tells whether the place that an entry names is damaged. Another entry of the same content may
  /// name a sound one.
  boolean touches(IndexEntry entry);

  /// A content was written anew in the place of this entry.
  default void healed(IndexEntry entry) {}
}
