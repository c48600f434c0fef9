package dev.longshore.engine.cache;

import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Parts of blobs that never change, in a folder of the client's cache.
///
/// Shared by threads and processes; anybody may delete anything there at any time, and a process
/// may be killed at any instant. What is damaged is dropped and not handed out. No fault of the
/// local disk is a fault of the caller: what cannot be read is not there, and after the first file
/// that cannot be written this process keeps nothing more, with a warning.
///
/// Each blob has a folder, and each part that was kept a file in it: see [PartName] and [PartFile].
public final class DiskCache {
  /// Use is noted no more often than this.
  private static final Duration USE_RESOLUTION = Duration.ofMinutes(1);

  /// How names of packs, index blobs and their logs begin.
  private static final String KINDS = "pqxnm";

  private static final int MAX_NAME = 200;

  private final Path folder;
  private final CacheSpace space;
  private final Clock clock;
  private final Consumer<String> warnings;
  private final AtomicBoolean broken = new AtomicBoolean();

  /// The cache in a folder, which is made when something is kept.
  ///
  /// @param folder absolute
  /// @param limits not off
  /// @param warnings receives sentences for the user
  public DiskCache(Path folder, CacheLimits limits, Clock clock, Consumer<String> warnings) {
    this.folder = folder;
    this.space = new CacheSpace(new CacheFolder(folder), limits, clock);
    this.clock = clock;
    this.warnings = warnings;
  }

  /// Reads a range of a blob.
  ///
  /// @param into its remaining room is the range's length
  /// @return false if not all of the range is here; then the buffer's position is as it was, and
  ///   what is behind it may have changed
  public boolean read(BlobId blob, long offset, ByteBuffer into) {
    List<PartName> parts = parts(blob);
    int start = into.position();
    long at = offset;
    while (into.hasRemaining()) {
      PartName part = longestFrom(parts, at);
      if (part == null) {
        into.position(start);
        return false;
      }
      int length = (int) Math.min(into.remaining(), part.end() - at);
      if (read(blob, part, (int) (at - part.offset()), length, into)) {
        at += length;
      } else {
        parts.remove(part);
      }
    }
    return true;
  }

  private static @Nullable PartName longestFrom(List<PartName> parts, long at) {
    PartName best = null;
    for (PartName part : parts) {
      if (part.offset() <= at && part.end() > at && (best == null || part.end() > best.end())) {
        best = part;
      }
    }
    return best;
  }

  private boolean read(BlobId blob, PartName part, int from, int length, ByteBuffer into) {
    Path file = folder.resolve(blob.value()).resolve(part.toString());
    int start = into.position();
    try {
      if (new PartFile(blob.value(), part).read(file, from, length, into)) {
        noteUse(file);
        return true;
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      into.position(start);
    }
    return false;
  }

  private void noteUse(Path file) {
    try {
      Instant now = clock.instant();
      Instant noted = Files.getLastModifiedTime(file).toInstant();
      if (Duration.between(noted, now).abs().compareTo(USE_RESOLUTION) > 0) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException e) {
      return; // it has been thrown out, or lies where nothing can be changed
    }
  }

  /// The length of a blob, if it was known when a part of it was kept.
  public OptionalLong length(BlobId blob) {
    return parts(blob).stream()
        .filter(part -> part.blobLength() > 0 && isSound(blob, part))
        .mapToLong(PartName::blobLength)
        .findFirst();
  }

  /// A blob that is here as one part, in an array of its own.
  public Optional<byte[]> readWhole(BlobId blob) {
    for (PartName part : parts(blob)) {
      if (part.offset() == 0 && part.length() == part.blobLength() && isSound(blob, part)) {
        byte[] whole = new byte[part.length()];
        if (read(blob, 0, ByteBuffer.wrap(whole))) {
          return Optional.of(whole);
        }
      }
    }
    return Optional.empty();
  }

  /// Tells whether a file is what its name says, as far as its header and its length tell.
  private boolean isSound(BlobId blob, PartName part) {
    Path file = folder.resolve(blob.value()).resolve(part.toString());
    try {
      if (new PartFile(blob.value(), part).isSound(file)) {
        return true;
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  /// Tells whether all of a range is here; does not look whether it is damaged.
  public boolean has(BlobId blob, long offset, long length) {
    List<PartName> parts = parts(blob);
    long at = offset;
    while (at < offset + length) {
      PartName part = longestFrom(parts, at);
      if (part == null) {
        return false;
      }
      at = part.end();
    }
    return true;
  }

  private List<PartName> parts(BlobId blob) {
    List<PartName> parts = new ArrayList<>();
    if (!isName(blob.value())) {
      return parts;
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder.resolve(blob.value()))) {
      for (Path name : names) {
        PartName.parse(name.getFileName().toString()).ifPresent(parts::add);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // What cannot be read is not there.
      parts.clear();
    }
    return parts;
  }

  /// Names as packs and index blobs have them; an index may name anything.
  private static boolean isName(String name) {
    return !name.isEmpty()
        && KINDS.indexOf(name.charAt(0)) >= 0
        && name.length() <= MAX_NAME
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
  }

  /// Keeps a part of a blob, if there is room.
  ///
  /// @param part its remaining bytes, which are not consumed
  /// @param blobLength the whole blob's; 0 if it is not known
  public void keep(BlobId blob, long offset, ByteBuffer part, long blobLength) {
    int length = part.remaining();
    if (broken.get() || length == 0 || length > PartFile.MAX_LENGTH || !isName(blob.value())) {
      return;
    }
    PartName name = new PartName(offset, length, blobLength);
    PartFile file = new PartFile(blob.value(), name);
    Path unfinished = null;
    try {
      Optional<Path> room = space.newFile(file.fileBytes());
      if (room.isEmpty()) {
        return;
      }
      unfinished = room.get();
      file.write(unfinished, part);
      space.publish(unfinished, blob.value(), name.toString());
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Somebody clears the cache: the next one may be kept again.
      delete(unfinished);
    } catch (ClosedByInterruptException e) {
      delete(unfinished);
    } catch (IOException e) {
      delete(unfinished);
      if (!broken.getAndSet(true)) {
        warnings.accept("the cache in " + folder + " cannot be written, so nothing is kept: " + e);
      }
    }
  }

  /// Drops what is kept of a blob.
  public void drop(BlobId blob) {
    for (PartName part : parts(blob)) {
      delete(folder.resolve(blob.value()).resolve(part.toString()));
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is thrown out when its time comes.
      return;
    }
  }
}
