package dev.longshore.engine.source;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Entries reached through their parent's descriptor, never by path.
final class NativeEntry {
  private NativeEntry() {}

  /// The entry of a status.
  ///
  /// @param location what the parent's descriptor knows it by
  static SourceEntry of(NativeParent parent, String location, String name, FileStatus status) {
    return switch (status.kind()) {
      case REGULAR -> new RegularFile(parent, location, name, status);
      case DIRECTORY -> new Directory(parent, location, name, status);
      case SYMLINK -> new Symlink(parent, location, name, status);
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE, UNKNOWN -> new SourceOther(name, status);
    };
  }

  /// What all entries can be asked for.
  private sealed interface Named permits RegularFile, Directory, Symlink {
    NativeParent parent();

    String location();

    String name();

    default List<String> attributeNames() throws IOException {
      try {
        return ExtendedAttributes.list(parent().fd(), RawText.encode(location()));
      } catch (OsException e) {
        if (e.errno() == Errno.ENOENT) {
          // The entry itself will tell.
          return List.of();
        }
        throw parent().fault("", name(), e);
      }
    }

    default Optional<byte[]> attribute(String attribute) throws IOException {
      try {
        return Optional.of(
            ExtendedAttributes.get(parent().fd(), RawText.encode(location()), attribute));
      } catch (OsException e) {
        if (e.errno() == Errno.ENODATA || e.errno() == Errno.ENOENT) {
          return Optional.empty();
        }
        throw parent().fault("", name(), e);
      }
    }
  }

  private record RegularFile(NativeParent parent, String location, String name, FileStatus status)
      implements SourceFile, Named {
    @Override
    public SourceReader open() throws IOException {
      int fd;
      try {
        // Not to wait for a writer, should a fifo have taken the file's place.
        fd = parent.open(location, Posix.O_NONBLOCK);
      } catch (OsException e) {
        throw parent.fault("unable to open local file: ", name, e);
      }
      return NativeReader.of(fd, parent, this);
    }

    @Override
    public boolean hasHoles() throws IOException {
      if (status.allocatedBytes() >= status.sizeBytes()) {
        return false;
      }
      try {
        int fd = parent.open(location, Posix.O_NONBLOCK);
        try {
          long hole = Posix.seekHole(fd, 0);
          return hole >= 0 && hole < Posix.fstat(fd).sizeBytes();
        } finally {
          Posix.close(fd);
        }
      } catch (OsException e) {
        // Who reads the file will meet the same fault.
        return false;
      }
    }

    @Override
    public List<String> attributeNames() throws IOException {
      return Named.super.attributeNames();
    }

    @Override
    public Optional<byte[]> attribute(String attribute) throws IOException {
      return Named.super.attribute(attribute);
    }
  }

  private record Directory(NativeParent parent, String location, String name, FileStatus status)
      implements SourceDirectory, Named {
    @Override
    public SourceListing open() throws IOException {
      int fd;
      try {
        fd = parent.open(location, Posix.O_DIRECTORY);
      } catch (OsException e) {
        throw parent.fault("unable to read directory: ", name, e);
      }
      String path = parent.pathOf(name);
      return NativeListing.of(new NativeParent(fd, path.equals("/") ? path : path + "/"));
    }

    @Override
    public List<String> attributeNames() throws IOException {
      return Named.super.attributeNames();
    }

    @Override
    public Optional<byte[]> attribute(String attribute) throws IOException {
      return Named.super.attribute(attribute);
    }
  }

  private record Symlink(NativeParent parent, String location, String name, FileStatus status)
      implements SourceSymlink, Named {
    @Override
    public byte[] target() throws IOException {
      try {
        return Posix.readlinkat(parent.fd(), RawText.encode(location));
      } catch (OsException e) {
        throw parent.fault("", name, e);
      }
    }

    @Override
    public Optional<SourceFile> resolveFile() throws IOException {
      Path real = Path.of(parent.pathOf(name)).toRealPath();
      String path = real.toString();
      NativeParent top = new NativeParent(Posix.AT_FDCWD, "");
      SourceEntry entry = of(top, path, path, Posix.fstatat(top.fd(), RawText.encode(path)));
      return entry instanceof SourceFile file ? Optional.of(file) : Optional.empty();
    }

    @Override
    public List<String> attributeNames() throws IOException {
      return Named.super.attributeNames();
    }

    @Override
    public Optional<byte[]> attribute(String attribute) throws IOException {
      return Named.super.attribute(attribute);
    }
  }
}
