package dev.longshore.engine.compare;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Shows what changed inside files, by the words of a program: `diff -u old/a new/a`, as Kopia's
/// `diff --files` does. Not thread-safe.
public final class FileDiff implements TreeComparer.Visitor, AutoCloseable {
  private static final String NOTHING = "/dev/null";

  private final ObjectReader objects;
  private final List<String> command;
  private final OutputStream out;
  private final Path folder;

  /// Makes a temporary folder, where files are put while they are compared.
  ///
  /// @param command the program and its first arguments; the two names are appended
  /// @param out gets what the program prints, errors included
  public FileDiff(Repository repository, List<String> command, OutputStream out)
      throws IOException {
    this(repository.objects(), command, out);
  }

  FileDiff(ObjectReader objects, List<String> command, OutputStream out) throws IOException {
    this.objects = objects;
    this.command = List.copyOf(command);
    this.out = out;
    this.folder = Files.createTempDirectory("longshore-diff");
  }

  /// Removes the temporary folder.
  @Override
  public void close() throws IOException {
    List<Path> left;
    try (Stream<Path> walk = Files.walk(folder)) {
      left = walk.toList();
    }
    for (Path path : left.reversed()) {
      Files.delete(path);
    }
  }

  Path folder() {
    return folder;
  }

  /// Runs the program on a file that was added, removed or changed; ignores the rest. Its exit code
  /// means nothing.
  @Override
  public void visit(Difference difference) throws IOException {
    switch (difference) {
      case Difference.FileAdded d when d.entry().type() == EntryType.FILE ->
          run(NOTHING, save("new", d.path(), d.entry()));
      case Difference.FileRemoved d when d.entry().type() == EntryType.FILE ->
          run(save("old", d.path(), d.entry()), NOTHING);
      case Difference.ContentChanged d ->
          run(save("old", d.path(), d.oldEntry()), save("new", d.path(), d.newEntry()));
      default -> {}
    }
  }

  private String save(String side, String path, DirEntry entry) throws IOException {
    Path file;
    try {
      file = folder.resolve(side).resolve(RawText.display(path)).normalize();
    } catch (InvalidPathException e) {
      throw new DamagedException(path + ": not a file's name", e);
    }
    if (!file.startsWith(folder.resolve(side)) || !entry.isSafeName()) {
      throw new DamagedException(path + ": not a file's name");
    }
    Files.createDirectories(file.getParent());
    try (InputStream in = objects.open(entry.objectId());
        OutputStream copy = Files.newOutputStream(file)) {
      in.transferTo(copy);
    }
    return folder.relativize(file).toString();
  }

  private void run(String oldName, String newName) throws IOException {
    List<String> full = new ArrayList<>(command);
    full.add(oldName);
    full.add(newName);
    Process process =
        new ProcessBuilder(full).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try {
      process.getInputStream().transferTo(out);
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    } finally {
      for (String name : List.of(oldName, newName)) {
        if (!name.equals(NOTHING)) {
          Files.deleteIfExists(folder.resolve(name));
        }
      }
    }
  }
}
