package dev.longshore.engine.restore;

import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.OsException;
import dev.longshore.format.directory.Attribute;
import dev.longshore.format.directory.Attributes;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives restored entries their extended attributes. Thread-safe.
///
/// Set are those of known name spaces only, whatever the snapshot says; what cannot be set is a
/// matter of the options, and never ends the restore.
final class ExtraAttributes {
  private final ObjectReader objects;
  private final RestoreOptions options;
  private final RestoreTally tally;

  ExtraAttributes(ObjectReader objects, RestoreOptions options, RestoreTally tally) {
    this.objects = objects;
    this.options = options;
    this.tally = tally;
  }

  /// Sets one attribute.
  @FunctionalInterface
  private interface Setter {
    void set(String name, byte[] value) throws OsException;
  }

  /// Sets those of an open file or directory; tells whether its permissions may have changed with
  /// them.
  ///
  /// @param trusted it belongs to whom it belonged to, so that it may have its capabilities
  boolean apply(int fd, DirEntry entry, boolean trusted, Supplier<String> path) {
    return apply(entry, trusted, path, (name, value) -> ExtendedAttributes.set(fd, name, value));
  }

  /// Tells whether what is made in an open directory inherits an access-control list that is to be
  /// taken from it.
  boolean isInherited(int directory) throws OsException {
    return options.attributes().kept()
        && !options.skip().permissions()
        && ExtendedAttributes.get(directory, AttributeKind.DEFAULT_NAME).isPresent();
  }

  /// Takes an inherited list from an open file or directory, if it has it.
  ///
  /// @param name of the list
  void removeInherited(int fd, String name, Supplier<String> path) {
    try {
      ExtendedAttributes.remove(fd, name);
    } catch (OsException e) {
      if (e.errno() != Errno.ENODATA && e.errno() != Errno.EOPNOTSUPP) {
        tally.metadataFailed(
            path,
            RestoreIssue.Kind.ATTRIBUTES,
            "inherited " + name + ": " + e.reason(),
            options.attributes());
      }
    }
  }

  /// Sets those of a symbolic link.
  void applyToLink(int directory, byte[] link, DirEntry entry, Supplier<String> path) {
    apply(entry, true, path, (name, value) -> ExtendedAttributes.set(directory, link, name, value));
  }

  private boolean apply(DirEntry entry, boolean trusted, Supplier<String> path, Setter setter) {
    if (!options.attributes().kept() || !entry.extra().hasAttributes()) {
      return false;
    }
    boolean listed = false;
    String problem = null;
    try {
      for (Attribute attribute : load(objects, entry).list()) {
        AttributeKind kind = AttributeKind.of(attribute.name());
        if (isPassedOver(kind)) {
          continue;
        }
        String fault = set(attribute, kind, trusted, setter);
        problem = problem == null ? fault : problem;
        listed |= kind == AttributeKind.ACCESS_LIST;
      }
    } catch (RepositoryException | CorruptException e) {
      problem = "its attributes cannot be read: " + e.getMessage();
    }
    if (problem != null) {
      tally.metadataFailed(path, RestoreIssue.Kind.ATTRIBUTES, problem, options.attributes());
    }
    return listed;
  }

  /// The attributes of an entry, wherever they are.
  static Attributes load(ObjectReader objects, DirEntry entry)
      throws RepositoryException, CorruptException {
    ObjectId object = entry.extra().attributesObjectOrNull();
    return object == null
        ? entry.extra().attributes()
        : Attributes.decode(objects.readAll(object, Attributes.MAX_OBJECT_BYTES));
  }

  private boolean isPassedOver(AttributeKind kind) {
    boolean permission = kind == AttributeKind.ACCESS_LIST || kind == AttributeKind.CAPABILITY;
    return (permission && options.skip().permissions())
        || (kind.isMadeAnew() && !kind.isKept(options.attributes()));
  }

  /// What is wrong, null if nothing is.
  private @Nullable String set(
      Attribute attribute, AttributeKind kind, boolean trusted, Setter setter) {
    String name = RawText.display(attribute.name());
    if (!kind.isKept(options.attributes())) {
      return "attribute " + name + " is of a kind that is not restored";
    }
    if (kind == AttributeKind.CAPABILITY && !trusted) {
      return "without its capabilities, as its owner is another";
    }
    try {
      setter.set(attribute.name(), attribute.value());
      return null;
    } catch (OsException e) {
      return "attribute " + name + ": " + e.reason();
    }
  }
}
