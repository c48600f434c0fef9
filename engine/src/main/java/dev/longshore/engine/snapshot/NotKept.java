package dev.longshore.engine.snapshot;

/// What the source has and a snapshot cannot hold, counted over the entries that were looked at.
///
/// @param extendedAttributes entries with extended attributes other than those below
/// @param accessControlLists entries with an access-control list
/// @param capabilities files with capabilities
/// @param hardLinks files with several names; each is stored as a file of its own
/// @param specialFiles fifos, sockets and devices, which are left out
/// @param names names that are not UTF-8; their other bytes become U+FFFD
public record NotKept(
    long extendedAttributes,
    long accessControlLists,
    long capabilities,
    long hardLinks,
    long specialFiles,
    long names) {
  /// Nothing lost.
  public static final NotKept NOTHING = new NotKept(0, 0, 0, 0, 0, 0);

  /// Tells whether everything was kept.
  public boolean isNothing() {
    return equals(NOTHING);
  }
}
