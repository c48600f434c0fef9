package dev.longshore.engine.snapshot;

import dev.longshore.engine.attribute.AttributeKind;
import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.attribute.MetadataPolicy;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.Attribute;
import dev.longshore.format.directory.Attributes;
import dev.longshore.format.directory.ExtraMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what the entries of a directory have that Kopia has no place for. Thread-safe.
///
/// It is asked for again with every upload, of unchanged files too: a change of attributes alone
/// leaves size and time as they were, and the time of the last change of any kind is not stored.
final class ExtraReader {
  private final UploadContext context;
  private final AttributeOptions options;
  private final Optional<Compression> compression;
  private final Failures failures;

  /// Is told what could not be read.
  @FunctionalInterface
  interface Failures {
    /// @param isIgnored the snapshot is good all the same
    void failed(SourceEntry entry, String message, boolean isIgnored);
  }

  /// @param compression of attributes that are objects of their own
  ExtraReader(UploadContext context, Optional<Compression> compression, Failures failures) {
    this.context = context;
    this.options = context.options.attributes();
    this.compression = compression;
    this.failures = failures;
  }

  /// What an entry of a directory has.
  ExtraMetadata of(SourceEntry entry) throws RepositoryException {
    return read(entry, false);
  }

  /// What the root of a snapshot has: all of it in the entry, which no directory lists.
  ExtraMetadata ofRoot(SourceEntry entry) throws RepositoryException {
    return read(entry, true);
  }

  private ExtraMetadata read(SourceEntry entry, boolean isRoot) throws RepositoryException {
    context.inspector.inspect(entry);
    if (!options.kept()) {
      context.inspector.attributesLost(kinds(entry));
      return ExtraMetadata.NONE;
    }
    FileStatus status = entry.status();
    boolean linked =
        status.links() > 1 && (entry instanceof SourceFile || entry instanceof SourceSymlink);
    boolean sparse = entry instanceof SourceFile file && hasHoles(file);
    Attributes attributes = attributes(entry);
    String name = isRoot || RawText.isText(entry.name()) ? null : entry.name();
    if (name == null && !linked && !sparse && attributes.isEmpty()) {
      return ExtraMetadata.NONE;
    }
    ObjectId object = isRoot || attributes.isInline() ? null : store(attributes);
    return new ExtraMetadata(
        name,
        linked ? status.inode() : 0,
        linked && status.device() != context.rootDevice() ? status.device() : 0,
        sparse,
        object == null ? attributes : Attributes.NONE,
        object);
  }

  private static Set<AttributeKind> kinds(SourceEntry entry) {
    Set<AttributeKind> kinds = EnumSet.noneOf(AttributeKind.class);
    try {
      for (String name : entry.attributeNames()) {
        AttributeKind kind = AttributeKind.of(name);
        if (!kind.isMadeAnew()) {
          kinds.add(kind);
        }
      }
    } catch (IOException e) {
      // Nobody has asked for them.
      kinds.clear();
    }
    return kinds;
  }

  private boolean hasHoles(SourceFile file) {
    try {
      return file.hasHoles();
    } catch (IOException e) {
      // Reading it will fail the same way.
      return false;
    }
  }

  private Attributes attributes(SourceEntry entry) {
    List<String> names;
    try {
      names = entry.attributeNames();
    } catch (IOException e) {
      failed(entry, EnumSet.of(AttributeKind.PLAIN), e.getMessage());
      return Attributes.NONE;
    }
    return names.isEmpty() ? Attributes.NONE : attributes(entry, names);
  }

  private Attributes attributes(SourceEntry entry, List<String> names) {
    Set<AttributeKind> lost = EnumSet.noneOf(AttributeKind.class);
    String problem = null;
    List<Attribute> found = new ArrayList<>();
    long bytes = 0;
    for (String name : names) {
      AttributeKind kind = AttributeKind.of(name);
      try {
        Attribute attribute = attribute(entry, name, kind);
        bytes += attribute == null ? 0 : Attributes.sizeBytes(attribute);
        if (bytes > Attributes.MAX_BYTES || found.size() >= Attributes.MAX_COUNT) {
          throw new IOException(
              "more than %d attributes or %d bytes of them"
                  .formatted(Attributes.MAX_COUNT, Attributes.MAX_BYTES));
        }
        if (attribute != null) {
          found.add(attribute);
        }
      } catch (IOException e) {
        lost.add(kind);
        problem = "attribute " + RawText.display(name) + ": " + e.getMessage();
      }
    }
    if (problem != null) {
      failed(entry, lost, problem);
    }
    return Attributes.of(found);
  }

  /// An attribute if it is still there, and one that is kept.
  private @Nullable Attribute attribute(SourceEntry entry, String name, AttributeKind kind)
      throws IOException {
    if (kind.isKept(options) && ExtendedAttributes.isExact(name)) {
      return entry.attribute(name).map(value -> new Attribute(name, value)).orElse(null);
    }
    if (kind.isMadeAnew()) {
      return null;
    }
    throw new IOException("is of a kind that is not kept");
  }

  /// Tells once of an entry.
  private void failed(SourceEntry entry, Set<AttributeKind> lost, @Nullable String message) {
    context.inspector.attributesLost(lost);
    if (options.failures() != MetadataPolicy.IGNORE) {
      failures.failed(entry, String.valueOf(message), options.failures() != MetadataPolicy.FAIL);
    }
  }

  private ObjectId store(Attributes attributes) throws RepositoryException {
    byte[] bytes = attributes.encode();
    ObjectOptions objectOptions =
        new ObjectOptions(ContentId.NO_PREFIX, compression, compression, Optional.empty());
    try (ObjectWriter writer = context.writers.open(objectOptions)) {
      writer.write(bytes, 0, bytes.length);
      return writer.result();
    }
  }
}
