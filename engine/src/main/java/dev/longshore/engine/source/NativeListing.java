package dev.longshore.engine.source;

import dev.longshore.engine.posix.Errno;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.json.RawText;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An open directory of this machine.
final class NativeListing implements SourceListing {
  private final NativeParent self;
  private final NameList.Sorted names;
  private int next;

  private NativeListing(NativeParent self, NameList.Sorted names) {
    this.self = self;
    this.names = names;
  }

  /// Reads the names of an open directory, whose descriptor is then the listing's, or closed.
  static NativeListing of(NativeParent self) throws IOException {
    try {
      return new NativeListing(self, readNames(self));
    } catch (OsException e) {
      Posix.close(self.fd());
      throw self.fault("", "", e);
    } catch (IOException | RuntimeException | Error e) {
      Posix.close(self.fd());
      throw e;
    }
  }

  private static NameList.Sorted readNames(NativeParent self) throws IOException {
    NameList names = new NameList();
    IOException[] tooMany = new IOException[1];
    Posix.list(
        self.fd(),
        (name, kind) -> {
          boolean isDirectory =
              kind == FileKind.DIRECTORY || (kind == FileKind.UNKNOWN && isDirectory(self, name));
          try {
            if (tooMany[0] == null) {
              names.add(isDirectory, name);
            }
          } catch (IOException e) {
            tooMany[0] = e;
          }
        });
    if (tooMany[0] != null) {
      throw tooMany[0];
    }
    return names.sort();
  }

  /// For file systems whose listings do not say.
  private static boolean isDirectory(NativeParent self, byte[] name) {
    try {
      return Posix.fstatat(self.fd(), name).kind() == FileKind.DIRECTORY;
    } catch (OsException e) {
      return false;
    }
  }

  @Override
  public @Nullable SourceEntry next() throws IOException {
    while (next < names.count()) {
      int index = next++;
      SourceEntry entry = look(names.name(index), names.isDirectory(index));
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public Optional<SourceEntry> find(String name) throws IOException {
    byte[] rawName = RawText.encode(name);
    return names.contains(rawName) ? Optional.ofNullable(look(rawName, false)) : Optional.empty();
  }

  private @Nullable SourceEntry look(byte[] rawName, boolean isDirectory) throws IOException {
    String name = RawText.decode(rawName);
    try {
      return NativeEntry.of(self, name, name, Posix.fstatat(self.fd(), rawName));
    } catch (OsException e) {
      return switch (e.errno()) {
        case Errno.ENOENT -> null;
        case Errno.EACCES, Errno.EPERM ->
            new SourceFault(
                name,
                new FileStatus(
                    isDirectory ? FileKind.DIRECTORY.bits() : 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                self.words(name, e),
                isDirectory);
        default -> throw self.fault("error reading directory: ", name, e);
      };
    }
  }

  @Override
  public void close() {
    Posix.close(self.fd());
  }
}
