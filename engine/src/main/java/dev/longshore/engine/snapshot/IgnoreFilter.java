package dev.longshore.engine.snapshot;

import dev.longshore.engine.policy.CacheDirTag;
import dev.longshore.engine.policy.DotFiles;
import dev.longshore.engine.policy.IgnoreRules;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFault;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceReader;
import dev.longshore.engine.source.SourceSymlink;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides which entries of an open directory belong to the snapshot.
///
/// Source: kopia 4ebb2be6c `fs/ignorefs/ignorefs.go`.
final class IgnoreFilter {
  /// Hears what is left out by name, or as a cache.
  @FunctionalInterface
  interface Listener {
    void excluded(String path, boolean isDirectory, long bytes);
  }

  private final @Nullable IgnoreRules rules;
  private final Place place;
  private final long device;
  private final Listener listener;
  private final boolean cache;

  private IgnoreFilter(
      @Nullable IgnoreRules rules, Place place, long device, Listener listener, boolean cache) {
    this.rules = rules;
    this.place = place;
    this.device = device;
    this.listener = listener;
    this.cache = cache;
  }

  /// Lets everything in.
  static IgnoreFilter none(Place place) {
    return new IgnoreFilter(null, place, 0, (path, isDirectory, bytes) -> {}, false);
  }

  /// Reads the directory's own rules.
  ///
  /// @throws UnreadableDirectory if an ignore file cannot be read, or a rule makes no sense
  static IgnoreFilter of(
      SourceDirectory directory, SourceListing listing, Place place, Listener listener)
      throws UnreadableDirectory {
    long device = directory.status().device();
    if (isCache(listing, place)) {
      listener.excluded(place.path(), true, 0);
      return new IgnoreFilter(place.rules(), place, device, listener, true);
    }
    try {
      IgnoreRules rules =
          place.rules().enter(place.rulePath(), place.policies().definedFiles(), dotFiles(listing));
      return new IgnoreFilter(rules, place, device, listener, false);
    } catch (IOException e) {
      throw new UnreadableDirectory(e.getMessage(), e);
    }
  }

  /// The rules in force in the directory.
  IgnoreRules rules() {
    return rules == null ? IgnoreRules.NONE : rules;
  }

  /// Tells whether the directory is a cache, and to be stored as an empty one.
  boolean isCacheDirectory() {
    return cache;
  }

  boolean includes(SourceEntry entry) {
    return includes(entry, entry.name());
  }

  /// @param name under which the entry would be stored
  boolean includes(SourceEntry entry, String name) {
    IgnoreRules in = rules;
    if (in == null) {
      return true;
    }
    boolean isDirectory =
        entry instanceof SourceDirectory
            || (entry instanceof SourceFault fault && fault.isDirectory());
    long size = isDirectory ? 0 : entry.status().sizeBytes();
    if (!in.isEmpty() && !in.includes(place.rulePath() + "/" + name, isDirectory)) {
      listener.excluded(place.pathOf(name), isDirectory, size);
      return false;
    }
    if (in.maxFileSizeBytes() > 0 && size > in.maxFileSizeBytes()) {
      return false;
    }
    return !in.oneFileSystem() || entry.status().device() == device;
  }

  private static boolean isCache(SourceListing listing, Place place) {
    if (Boolean.FALSE.equals(place.policies().policy().files().ignoreCacheDirs())) {
      return false;
    }
    try {
      Optional<SourceEntry> tag = listing.find(CacheDirTag.NAME);
      if (tag.isPresent()
          && tag.get() instanceof SourceFile file
          && file.status().sizeBytes() >= CacheDirTag.LENGTH) {
        try (InputStream in = new ReaderStream(file.open())) {
          return CacheDirTag.isValid(in.readNBytes(CacheDirTag.LENGTH));
        }
      }
      return false;
    } catch (IOException e) {
      // No valid tag can be seen; if the directory itself is at fault, reading it will tell.
      return false;
    }
  }

  private static DotFiles dotFiles(SourceListing listing) {
    return name -> {
      SourceEntry entry = listing.find(name).orElse(null);
      return switch (entry) {
        case SourceFile file -> new ReaderStream(file.open());
        case SourceSymlink link ->
            new ReaderStream(
                link.resolveFile()
                    .orElseThrow(() -> new IOException("ignore file " + name + " links to no file"))
                    .open());
        case null, default -> null;
      };
    };
  }

  /// A reader as a stream.
  private static final class ReaderStream extends InputStream {
    private final SourceReader reader;

    ReaderStream(SourceReader reader) {
      this.reader = reader;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return length == 0 ? 0 : reader.read(target, offset, length);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
