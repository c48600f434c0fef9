package dev.longshore.format.directory;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.RawText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an entry has that Kopia has no place for. It is the last field of the entry, `longshore`,
/// which Kopia skips when it reads and does not write again:
///
/// | field | type | meaning | absent |
/// |---|---|---|---|
/// | `name` | base64 | the name's bytes, if they are not UTF-8: the entry itself has U+FFFD for each that is not | if they are |
/// | `inode` | integer | number of a file that has several names; they have it in common | if 0: it has one name |
/// | `device` | integer | number of its file system, if that is not the root's | if 0 |
/// | `sparse` | true | the file has holes: runs of zeros need no room | if it has none |
/// | `attributes` | object | [Attributes], if they are few | if none, or many |
/// | `attributesObject` | string | id of the object that holds them | if none, or few |
///
/// An entry without any of these has no such field. The object of attributes is kept alive by the
/// directory's own object, whose chunks end with those of all such objects.
///
/// Source: Longshore's own; see `docs/format/directories.md`.
///
/// @param exactNameOrNull the name as [dev.longshore.format.json.RawText] has it, if it is not
///   UTF-8 and is to be kept
/// @param inode unsigned; 0 for a file with one name
/// @param device unsigned; 0 for the root's
/// @param attributes those in the entry itself
/// @param attributesObjectOrNull the object that holds them, if they are too many; then
///   `attributes` is empty
public record ExtraMetadata(
    @Nullable String exactNameOrNull,
    long inode,
    long device,
    boolean sparse,
    Attributes attributes,
    @Nullable ObjectId attributesObjectOrNull) {
  /// The name of the field.
  public static final String FIELD = "longshore";

  /// Nothing.
  public static final ExtraMetadata NONE =
      new ExtraMetadata(null, 0, 0, false, Attributes.NONE, null);

  private static final JsonFields FIELDS =
      JsonFields.of("name", "inode", "device", "sparse", "attributes", "attributesObject");

  /// Tells whether there is anything to write.
  public boolean isNone() {
    return exactNameOrNull == null && inode == 0 && device == 0 && !sparse && !hasAttributes();
  }

  /// The same of an entry under another name, which is text.
  ExtraMetadata withoutName() {
    return exactNameOrNull == null
        ? this
        : new ExtraMetadata(null, inode, device, sparse, attributes, attributesObjectOrNull);
  }

  /// Tells whether the entry has attributes, wherever they are.
  public boolean hasAttributes() {
    return attributesObjectOrNull != null || !attributes.isEmpty();
  }

  /// The object that holds the attributes, if it is not the entry itself.
  public Optional<ObjectId> attributesObject() {
    return Optional.ofNullable(attributesObjectOrNull);
  }

  /// Writes the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject();
    if (exactNameOrNull != null) {
      json.name("name").base64(RawText.encode(exactNameOrNull));
    }
    json.fieldUnlessZero("inode", inode)
        .fieldUnlessZero("device", device)
        .fieldIfTrue("sparse", sparse);
    if (!attributes.isEmpty()) {
      attributes.writeTo(json.name("attributes"));
    }
    if (attributesObjectOrNull != null) {
      json.field("attributesObject", attributesObjectOrNull.toString());
    }
    json.endObject();
  }

  /// Reads the value due; what a later version may have put there is skipped.
  ///
  /// @throws CorruptException if what is known is not as it should be
  public static ExtraMetadata readFrom(JsonInput json) throws CorruptException {
    String exactName = null;
    long inode = 0;
    long device = 0;
    boolean sparse = false;
    Attributes attributes = Attributes.NONE;
    ObjectId object = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "name" -> exactName = RawText.decode(json.base64());
          case "inode" -> inode = json.int64();
          case "device" -> device = json.int64();
          case "sparse" -> sparse = json.bool();
          case "attributes" -> attributes = Attributes.readFrom(json);
          default ->
              object =
                  ObjectId.parse(json.string())
                      .orElseThrow(() -> json.corrupt("expected an object id"));
        }
      }
    }
    if (object != null && !attributes.isEmpty()) {
      throw json.corrupt("attributes in the entry and in an object");
    }
    ExtraMetadata extra = new ExtraMetadata(exactName, inode, device, sparse, attributes, object);
    return extra.isNone() ? NONE : extra;
  }
}
