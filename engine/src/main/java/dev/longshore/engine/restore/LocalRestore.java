package dev.longshore.engine.restore;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.fetch.ChunkFetch;
import dev.longshore.engine.fetch.ChunkQueue;
import dev.longshore.engine.fetch.FetchOptions;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// One restore to the file system.
final class LocalRestore {
  private static final int MAX_WALKERS = 8;

  private final ObjectReader objects;
  private final ContentReader contents;
  private final RestoreOptions options;
  private final RestoreTally tally;

  LocalRestore(
      ObjectReader objects, ContentReader contents, RestoreOptions options, RestoreTally tally) {
    this.objects = objects;
    this.contents = contents;
    this.options = options;
    this.tally = tally;
  }

  /// Restores a root to a path.
  ///
  /// @throws IOException if the restore cannot begin
  void run(DirEntry root, Path path) throws IOException, InterruptedException {
    if (!Posix.isAvailable()) {
      throw new UnsupportedException(
          "restore to the file system needs Linux on x86-64 or AArch64 with native access;"
              + " restore to a tar or zip file instead");
    }
    Path target = path.toAbsolutePath();
    Optional<FileStatus> there = status(target);
    FileKind kind = there.map(FileStatus::kind).orElse(FileKind.UNKNOWN);
    switch (root.type()) {
      case FILE -> file(root, target, kind);
      case SYMLINK -> single(root, target);
      case DIRECTORY -> directory(root, target, kind);
      case UNKNOWN -> throw new RefusedException("the root is of unknown type");
    }
  }

  /// What the target is now, symbolic links followed: whoever names a target may name it by a link.
  private static Optional<FileStatus> status(Path target) throws OsException {
    int fd;
    try {
      fd = Posix.openat(Posix.AT_FDCWD, bytes(target), Posix.O_PATH, 0);
    } catch (OsException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      return Optional.of(Posix.fstat(fd));
    } finally {
      Posix.close(fd);
    }
  }

  private static byte[] bytes(Path path) {
    return RawText.encode(path.toString());
  }

  private void file(DirEntry root, Path target, FileKind there)
      throws IOException, InterruptedException {
    switch (there) {
      case DIRECTORY ->
          throw new RefusedException(
              "the snapshot is a single file and " + target + " a directory; name a file in it");
      case BLOCK_DEVICE -> device(root, target);
      default -> single(root, target);
    }
  }

  private void directory(DirEntry root, Path target, FileKind there)
      throws IOException, InterruptedException {
    Optional<DirEntry> volume = blockVolume(root);
    switch (there) {
      case DIRECTORY, UNKNOWN -> tree(root, target, volume);
      case BLOCK_DEVICE, REGULAR -> {
        if (volume.isEmpty()) {
          throw new RefusedException(
              "the snapshot is a directory, and " + target + " is there and is none");
        }
        file(volume.get().withName(baseName(volume.get())), target, there);
      }
      default ->
          throw new RefusedException(
              "the snapshot is a directory, and " + target + " is there and is none");
    }
  }

  /// The device's image in a snapshot of Velero's block uploader: a root whose only entry is a file
  /// named by the device's path.
  private Optional<DirEntry> blockVolume(DirEntry root) throws IOException {
    try (InputStream in = objects.open(root.objectId());
        DirectoryReader reader = new DirectoryReader(in)) {
      DirEntry first = reader.next();
      if (first == null || reader.next() != null) {
        return Optional.empty();
      }
      boolean volume = first.type() == EntryType.FILE && first.name().startsWith("/");
      return volume ? Optional.of(first) : Optional.empty();
    }
  }

  private static String baseName(DirEntry volume) {
    return volume.name().substring(volume.name().lastIndexOf('/') + 1);
  }

  private void tree(DirEntry root, Path target, Optional<DirEntry> volume)
      throws IOException, InterruptedException {
    boolean existed = Files.isDirectory(target);
    createDirectories(target);
    if (existed && !options.overwrite().directories() && !isEmpty(target)) {
      throw new RefusedException(target + " is there already and not empty");
    }
    int fd = Posix.openat(Posix.AT_FDCWD, bytes(target), Posix.O_DIRECTORY, 0);
    DirectoryNode node = DirectoryNode.root(root, existed);
    try (Run run = new Run(fd)) {
      if (volume.isPresent()) {
        DirEntry file = volume.get().withName(baseName(volume.get()));
        if (!file.isSafeName()) {
          throw new RefusedException("the volume's name is not one that a file can have");
        }
        tally.enqueuedFiles.increment();
        tally.enqueuedBytes.add(file.sizeBytes());
        run.sink.file(node, file, false);
        run.sink.listed(node);
      } else {
        int walkers = Math.min(MAX_WALKERS, options.parallel());
        new TreeWalk(objects, run.sink, tally, TreeWalk.WINDOW).run(node, walkers);
      }
      run.chunks.flush();
      if (run.sink.restoreUnlinked()) {
        run.chunks.flush();
      }
    }
  }

  private static void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  /// Restores a file or a symbolic link as `target`.
  private void single(DirEntry root, Path target) throws IOException, InterruptedException {
    Path folder = target.getParent();
    Path name = target.getFileName();
    if (folder == null || name == null) {
      throw new RefusedException(target + " cannot be a file");
    }
    createDirectories(folder);
    DirEntry entry = root.withName(RawText.decode(bytes(name)));
    int fd = Posix.openat(Posix.AT_FDCWD, bytes(folder), Posix.O_DIRECTORY, 0);
    DirectoryNode node = DirectoryNode.around(entry);
    try (Run run = new Run(fd)) {
      run.sink.noteInheritance(node);
      if (root.type() == EntryType.SYMLINK) {
        tally.enqueuedSymlinks.increment();
        run.sink.symlink(node, entry, TreeWalk.linkTarget(objects, entry), false);
      } else {
        tally.enqueuedFiles.increment();
        tally.enqueuedBytes.add(entry.sizeBytes());
        run.sink.file(node, entry, false);
      }
      run.chunks.flush();
    }
  }

  private void device(DirEntry root, Path target) throws IOException, InterruptedException {
    int fd = Posix.openat(Posix.AT_FDCWD, bytes(target), Posix.O_RDWR, 0);
    try {
      long size = Posix.blockDeviceSize(fd);
      if (size < root.sizeBytes()) {
        throw new RefusedException(
            "%s has %d bytes, too few for the %d of the snapshot"
                .formatted(target, size, root.sizeBytes()));
      }
    } catch (IOException e) {
      Posix.close(fd);
      throw e;
    }
    int folder = Posix.openat(Posix.AT_FDCWD, new byte[] {'/'}, Posix.O_DIRECTORY, 0);
    try (Run run = new Run(folder)) {
      run.sink.device(DirectoryNode.around(root), root, fd);
      run.chunks.flush();
    }
  }

  /// What one restore shares. Closing ends the threads first, then the descriptors.
  private final class Run implements AutoCloseable {
    final DirectoryHandles handles;
    final ChunkWriter writer;
    final ChunkFetch<OutputFile> fetch;
    final ChunkQueue<OutputFile> chunks;
    final LocalSink sink;

    Run(int rootFd) {
      handles = new DirectoryHandles(rootFd);
      EntryAttributes attributes =
          new EntryAttributes(options, tally, new ExtraAttributes(objects, options, tally));
      EntryEnd end = new EntryEnd(handles, attributes, options, tally);
      writer = new ChunkWriter(tally, end);
      fetch =
          new ChunkFetch<>(
              contents,
              writer,
              new FetchOptions(options.parallel(), options.budgetBytes(), ContentCheck.AUTHENTIC));
      chunks = new ChunkQueue<>(fetch, MemoryBudget.ofProcess().planBytes());
      sink =
          new LocalSink(
              objects, options, tally, new LocalSink.LocalParts(handles, attributes, end, chunks));
    }

    @Override
    public void close() {
      fetch.close();
      writer.close();
      handles.close();
    }
  }
}
