package dev.longshore.engine.cache;

import dev.longshore.engine.error.FileReason;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cache directory of a connection, which this program and Kopia may share: each has folders of
/// its own in it. Everything there may be deleted at any time.
///
/// Only the names known here are ever touched, because a connection file may name any directory,
/// and symbolic links are not followed.
///
/// Source of Kopia's names: kopia 4ebb2be6c `repo/content/committed_read_manager.go`,
/// `committed_content_index.go`, `internal/cachedir`.
///
/// @param path absolute
public record CacheDirectory(Path path) {
  private static final String CONTENTS = "longshore-contents";
  private static final String METADATA = "longshore-metadata";
  private static final String LISTS = "longshore-lists";
  private static final String INDEX = "longshore-index";

  private static final List<String> FOLDERS =
      List.of(
          CONTENTS,
          METADATA,
          LISTS,
          INDEX,
          "contents",
          "metadata",
          "indexes",
          "index-blobs",
          "own-writes",
          "blob-list",
          "server-contents");
  private static final List<String> FILES =
      List.of("CACHEDIR.TAG", "kopia.repository", "kopia.blobcfg");

  /// A part of the cache: this program's folder of it and Kopia's.
  public enum Part {
    CONTENTS("contents"),
    METADATA("metadata"),
    INDEXES("indexes"),
    OWN_WRITES("own-writes"),
    LISTS("blob-list");

    private final String kopiaName;

    Part(String kopiaName) {
      this.kopiaName = kopiaName;
    }

    /// Kopia's name for it.
    public String kopiaName() {
      return kopiaName;
    }

    private List<String> folders() {
      return switch (this) {
        case CONTENTS -> List.of(CacheDirectory.CONTENTS, kopiaName, "server-contents");
        case METADATA -> List.of(CacheDirectory.METADATA, kopiaName);
        case INDEXES -> List.of(CacheDirectory.INDEX, kopiaName, "index-blobs");
        case OWN_WRITES -> List.of(kopiaName);
        case LISTS -> List.of(CacheDirectory.LISTS, kopiaName);
      };
    }
  }

  /// What one folder holds.
  ///
  /// @param exists the folder is there
  public record FolderInfo(Path path, boolean exists, long files, long bytes) {}

  /// The folder of segments of an index that does not fit in memory.
  public Path indexFolder() {
    return path.resolve(INDEX);
  }

  /// The folder of parts of data packs.
  public Path contentsFolder() {
    return path.resolve(CONTENTS);
  }

  /// The folder of parts of packs of metadata, and of index blobs.
  public Path metadataFolder() {
    return path.resolve(METADATA);
  }

  /// The folder of lists.
  public Path listFolder() {
    return path.resolve(LISTS);
  }

  /// What the cache holds, by folder.
  public List<FolderInfo> info() throws RepositoryException {
    List<FolderInfo> found = new ArrayList<>();
    for (String name : FOLDERS) {
      Path folder = path.resolve(name);
      Count count = new Count();
      walk(folder, count);
      found.add(new FolderInfo(folder, count.exists, count.files, count.bytes));
    }
    return List.copyOf(found);
  }

  /// Empties the cache.
  public void clear() throws RepositoryException {
    for (String name : FOLDERS) {
      walk(path.resolve(name), new Delete());
    }
  }

  /// Empties a part of the cache.
  public void clear(Part part) throws RepositoryException {
    for (String name : part.folders()) {
      walk(path.resolve(name), new Delete());
    }
  }

  /// Empties the cache and removes the directory, unless it holds something else.
  public void remove() throws RepositoryException {
    clear();
    for (String name : FILES) {
      walk(path.resolve(name), new Delete());
    }
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // It holds what is not of a cache, which stays.
      return;
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static void walk(Path folder, SimpleFileVisitor<Path> visitor)
      throws RepositoryException {
    try {
      Files.walkFileTree(folder, visitor);
    } catch (AccessDeniedException e) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw failure(folder, e);
      }
      // Where we may not even look, nothing of it is used.
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static StoreException failure(Path path, IOException e) {
    return new StoreException(
        "cache " + path + ": " + FileReason.of(e), StoreException.Retry.NEVER, e);
  }

  /// Passes over what other processes delete meanwhile.
  private abstract static class Tolerant extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }
  }

  private static final class Count extends Tolerant {
    private boolean exists;
    private long files;
    private long bytes;

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      exists = true;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }
  }

  private static final class Delete extends Tolerant {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException another) {
        // Somebody has put a file there meanwhile.
        return FileVisitResult.CONTINUE;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
