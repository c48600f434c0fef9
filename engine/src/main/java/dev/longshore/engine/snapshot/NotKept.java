package dev.longshore.engine.snapshot;

/// What the source has and the snapshot does not, counted over the entries that were looked at.
///
/// @param extendedAttributes entries with an extended attribute, other than those below, that could
///   not be read or is of a kind that is not kept
/// @param accessControlLists the same for an access-control list
/// @param capabilities the same for a file's capabilities
/// @param hardLinks files with several names, each stored as a file of its own; none if links are
///   kept
/// @param specialFiles fifos, sockets and devices, which are left out
/// @param names names that are not UTF-8, whose other bytes become U+FFFD; none if they are kept
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
