package dev.longshore.engine.policy;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Gives access to the ignore files of one directory.
@FunctionalInterface
public interface DotFiles {
  /// A directory without any.
  DotFiles NONE = name -> null;

  /// Opens a file of the directory; a link is followed to a file.
  ///
  /// @return the file, which the caller closes, or null if there is none, or it is no file
  /// @throws IOException if a link leads nowhere or to no file, or the file cannot be read; the
  ///   snapshot of the directory then fails
  @Nullable InputStream open(String name) throws IOException;
}
