package dev.longshore.engine.cache;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// One look through a cache's folder, with its lock held. Others may delete there meanwhile, and
/// rename what they have written; both do no harm.
///
/// Memory is for some thousand files, however many there are: the oldest are found by one walk, and
/// if they are not enough, the next by another.
final class CacheSweep {
  /// How names of files begin that are not finished.
  static final String UNFINISHED = "new-";

  /// Nobody takes longer to write a file; what is older was left by a process that died.
  private static final Duration ABANDONED = Duration.ofMinutes(10);

  private static final int MAX_CANDIDATES = 8192;

  private static final Comparator<Item> NEWEST_FIRST =
      Comparator.comparing(Item::used).reversed().thenComparing(Item::file);

  private final CacheFolder folder;
  private final CacheLimits limits;
  private final Instant now;
  private Instant nextOld = Instant.MAX;

  private record Item(Path file, Instant used, long charge) {}

  @FunctionalInterface
  private interface Visitor {
    void visit(Item item) throws IOException;
  }

  CacheSweep(CacheFolder folder, CacheLimits limits, Instant now) {
    this.folder = folder;
    this.limits = limits;
    this.now = now;
  }

  /// Counts the bytes that are taken, and clears away what nobody will use: unfinished files of
  /// processes that died, and empty folders.
  long measure() throws IOException {
    long[] bytes = {0};
    walk(item -> {
      boolean unfinished = item.file.getFileName().toString().startsWith(UNFINISHED);
      if (unfinished && isAbandoned(item.used, now)) {
        Files.deleteIfExists(item.file);
      } else {
        bytes[0] += item.charge;
      }
    });
    return bytes[0];
  }

  /// Throws out what was not used for longest until no more than `target` bytes are taken.
  ///
  /// @param used bytes that are taken
  /// @param spareYoung leave what is younger than its least age
  /// @return bytes that are taken then
  long throwOut(long used, long target, boolean spareYoung) throws IOException {
    long left = used;
    while (left > target) {
      PriorityQueue<Item> oldest = oldest(left - target, spareYoung);
      if (oldest.isEmpty()) {
        break;
      }
      for (Item item : oldest) {
        Files.deleteIfExists(item.file);
        deleteIfBlobIsGone(item.file.getParent());
        left -= item.charge;
      }
    }
    return left;
  }

  /// When the first becomes old of what was spared; far in the future if nothing was.
  Instant nextOld() {
    return nextOld;
  }

  /// The oldest files that take so many bytes, or as many of them as memory is for.
  private PriorityQueue<Item> oldest(long bytes, boolean spareYoung) throws IOException {
    PriorityQueue<Item> oldest = new PriorityQueue<>(NEWEST_FIRST);
    long[] held = {0};
    walk(item -> {
      if (spareYoung && isYoung(item)) {
        return;
      }
      oldest.add(item);
      held[0] += item.charge;
      while (held[0] - oldest.element().charge >= bytes || oldest.size() > MAX_CANDIDATES) {
        held[0] -= oldest.remove().charge;
      }
    });
    return oldest;
  }

  private boolean isYoung(Item item) {
    Path parent = item.file.getParent();
    Duration least = limits.minAgeOf(parent == null ? "" : parent.getFileName().toString());
    boolean young = age(item).compareTo(least) < 0;
    if (young) {
      Instant old = item.used.plus(least);
      nextOld = old.isBefore(nextOld) ? old : nextOld;
    }
    return young;
  }

  /// Tells whether nobody goes on with an unfinished file that was written to at that time.
  static boolean isAbandoned(Instant written, Instant now) {
    return Duration.between(written, now).abs().compareTo(ABANDONED) > 0;
  }

  /// The distance in time: what was used in the future was used while the clock was wrong.
  private Duration age(Item item) {
    return Duration.between(item.used, now).abs();
  }

  private void walk(Visitor visitor) throws IOException {
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder.path())) {
      for (Path name : names) {
        if (!folder.isState(name)) {
          visit(name, visitor);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /// A file, or a folder with a blob's parts.
  private static void visit(Path path, Visitor visitor) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return; // deleted or renamed meanwhile
    }
    if (!attributes.isDirectory()) {
      visitor.visit(
          new Item(
              path,
              attributes.lastModifiedTime().toInstant(),
              CacheSpace.charge(attributes.size())));
      return;
    }
    boolean empty = true;
    try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
      for (Path name : names) {
        empty = false;
        visit(name, visitor);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (empty) {
      deleteEmpty(path);
    }
  }

  /// A folder takes room, too, which was counted with its files.
  private void deleteIfBlobIsGone(@Nullable Path parent) throws IOException {
    if (parent != null && !parent.equals(folder.path())) {
      deleteEmpty(parent);
    }
  }

  private static void deleteEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      return; // somebody has put something there
    }
  }
}
