package dev.longshore.format.id;

import java.util.Optional;

/// The name of an object: a content, or an indirect list of contents.
///
/// Text: `I` once per level of indirection, or one `Z` for a content whose bytes start with a
/// compression header (format 1), then the content id. A legacy `D` before the content id is
/// skipped. `I` and `Z` exclude each other.
///
/// @param indirection levels of indirect lists above the contents; 0 for a content itself
/// @param compressed the content's bytes are a compression header and a stream
public record ObjectId(int indirection, boolean compressed, ContentId contentId) {
  /// The deepest indirection accepted; each level multiplies by thousands.
  public static final int MAX_INDIRECTION = 16;

  /// @throws IllegalArgumentException on an impossible combination
  public ObjectId {
    if (indirection < 0 || indirection > MAX_INDIRECTION || (compressed && indirection > 0)) {
      throw new IllegalArgumentException("object id: indirection " + indirection);
    }
  }

  /// The object that is this content.
  public static ObjectId direct(ContentId id) {
    return new ObjectId(0, false, id);
  }

  /// The object whose chunk list is the object `list`.
  public static ObjectId indirect(ObjectId list) {
    if (list.compressed) {
      // Kopia wraps a compressed list's id as it is; format 1 never compresses lists (prefixed).
      throw new IllegalArgumentException("an indirect list cannot be a compressed object");
    }
    return new ObjectId(list.indirection + 1, false, list.contentId);
  }

  /// The object that holds this object's chunk list.
  ///
  /// @throws IllegalStateException if the object is direct
  public ObjectId list() {
    if (indirection == 0) {
      throw new IllegalStateException("object " + this + " is not indirect");
    }
    return new ObjectId(indirection - 1, false, contentId);
  }

  /// Tells whether the object is a chunk list rather than a content.
  public boolean isIndirect() {
    return indirection > 0;
  }

  /// Reads the text form; empty if it is not an id.
  public static Optional<ObjectId> parse(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) == 'I') {
      at++;
    }
    int indirection = at;
    boolean compressed = at < text.length() && text.charAt(at) == 'Z';
    if (compressed) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == 'D') {
      at++;
    }
    if (indirection > MAX_INDIRECTION || (compressed && indirection > 0)) {
      return Optional.empty();
    }
    return ContentId.parse(text.substring(at)).map(id -> new ObjectId(indirection, compressed, id));
  }

  @Override
  public String toString() {
    return "I".repeat(indirection) + (compressed ? "Z" : "") + contentId;
  }
}
