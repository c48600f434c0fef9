package dev.longshore.engine.blob.fs;

import dev.longshore.engine.blob.BlobStore.Visitor;
import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// One walk through a store's folders.
///
/// A blob's name is the folders' names and the file's, put together. A file is passed over that
/// does not end in `.f`, is no regular file, or does not lie where its name says it should, as such
/// a blob could be listed but not read. The depth is bounded by the longest name; folders that
/// vanish while the walk runs are empty.
final class TreeLister {
  private final Path root;
  private final Sharding sharding;
  private final String wanted;

  TreeLister(Path root, Sharding sharding, String wanted) {
    this.root = root;
    this.sharding = sharding;
    this.wanted = wanted;
  }

  /// A folder, and the part of a name that the folders down to it make.
  private record Folder(Path path, String prefix) {}

  void list(int parallelism, Visitor visitor) throws RepositoryException {
    List<Folder> top = visit(new Folder(root, ""), visitor);
    if (parallelism == 1) {
      for (Folder folder : top) {
        walk(folder, visitor);
      }
      return;
    }
    // The second level is where the many folders are: [1,3] has few letters at the first.
    List<Folder> second = new ArrayList<>();
    for (Folder folder : top) {
      second.addAll(visit(folder, visitor));
    }
    walkInParallel(second, parallelism, visitor);
  }

  private void walkInParallel(List<Folder> folders, int parallelism, Visitor visitor)
      throws RepositoryException {
    ReentrantLock visiting = new ReentrantLock();
    try (Scope scope = new Scope("list " + root, parallelism)) {
      for (Folder folder : folders) {
        scope.fork(() -> {
          List<BlobMetadata> found = new ArrayList<>();
          walk(folder, found::add);
          visiting.lock();
          try {
            for (BlobMetadata blob : found) {
              visitor.visit(blob);
            }
          } finally {
            visiting.unlock();
          }
        });
      }
      scope.join();
    }
  }

  private void walk(Folder folder, Visitor visitor) throws RepositoryException {
    for (Folder below : visit(folder, visitor)) {
      walk(below, visitor);
    }
  }

  /// Visits the blobs in a folder and returns the folders in it. The folder is closed before they
  /// are entered, so that a deep tree holds no files open.
  private List<Folder> visit(Folder folder, Visitor visitor) throws RepositoryException {
    List<Folder> below = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path)) {
      for (Path entry : entries) {
        visitEntry(folder, entry, below, visitor);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      if (folder.path.equals(root)) {
        throw StoreFaults.of("list " + root, e);
      }
    } catch (RepositoryException e) {
      throw e;
    } catch (DirectoryIteratorException e) {
      throw StoreFaults.of("list " + folder.path, new IOException(e));
    } catch (IOException e) {
      throw StoreFaults.of("list " + folder.path, e);
    }
    return below;
  }

  private void visitEntry(Folder folder, Path entry, List<Folder> below, Visitor visitor)
      throws IOException {
    String name = folder.prefix + entry.getFileName();
    boolean blob = name.endsWith(Sharding.SUFFIX);
    String id = blob ? name.substring(0, name.length() - Sharding.SUFFIX.length()) : name;
    if (!BlobId.isValid(id) || !(id.startsWith(wanted) || wanted.startsWith(name))) {
      return;
    }
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return; // deleted since it was listed
    }
    if (attributes.isDirectory() && BlobId.isValid(name)) {
      below.add(new Folder(entry, name));
    } else if (blob && attributes.isRegularFile() && id.startsWith(wanted)) {
      BlobId blobId = new BlobId(id);
      if (sharding.path(blobId).filter(path -> root.resolve(path).equals(entry)).isPresent()) {
        visitor.visit(FilesystemStore.metadata(blobId, attributes));
      }
    }
  }
}
