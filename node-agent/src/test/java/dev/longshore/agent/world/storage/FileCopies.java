package dev.longshore.agent.world.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies as a storage makes them: everything that the file system lets us copy.
final class FileCopies {
  private static final int PIECE_BYTES = 64 << 10;

  private FileCopies() {}

  /// Makes a file longer, without writing its zeros.
  static void setLength(FileChannel image, long bytes) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    while (last.hasRemaining()) {
      image.write(last, bytes - 1);
    }
  }

  /// Copies what is not zero over a file of zeros.
  static void copyImage(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
      ByteBuffer zeros = ByteBuffer.allocate(PIECE_BYTES);
      for (long at = 0; in.read(piece.clear(), at) > 0; at += piece.limit()) {
        piece.flip();
        if (!piece.equals(zeros.clear().limit(piece.limit()))) {
          for (long position = at; piece.hasRemaining(); ) {
            position += out.write(piece, position);
          }
        }
      }
    }
  }

  /// Copies a directory's entries into another one, hard links as such.
  static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new Copy(from, to));
  }

  static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(folder, new Deletion());
  }

  private static final class Copy extends SimpleFileVisitor<Path> {
    private final Path from;
    private final Path to;
    private final Map<Object, Path> linked = new HashMap<>();

    Copy(Path from, Path to) {
      this.from = from;
      this.to = to;
    }

    private Path target(Path source) {
      return to.resolve(from.relativize(source));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (!folder.equals(from)) {
        Files.createDirectory(target(folder));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Path target = target(file);
      if (!attributes.isRegularFile() && !attributes.isSymbolicLink()) {
        return FileVisitResult.CONTINUE;
      }
      Object key = attributes.fileKey();
      if (attributes.isRegularFile() && key != null) {
        Path first = linked.putIfAbsent(key, target);
        if (first != null) {
          Files.createLink(target, first);
          return FileVisitResult.CONTINUE;
        }
      }
      Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Path target = target(folder);
      FileTime modified = Files.getLastModifiedTime(folder);
      Files.setAttribute(target, "unix:mode", Files.getAttribute(folder, "unix:mode"));
      Files.setAttribute(target, "unix:uid", Files.getAttribute(folder, "unix:uid"));
      Files.setAttribute(target, "unix:gid", Files.getAttribute(folder, "unix:gid"));
      Files.setLastModifiedTime(target, modified);
      return FileVisitResult.CONTINUE;
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
