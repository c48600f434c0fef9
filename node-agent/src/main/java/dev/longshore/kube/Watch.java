package dev.longshore.kube;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A stream of changes. For use by one thread, except that any thread may close it.
public interface Watch extends AutoCloseable {
  /// The next change.
  ///
  /// @param wait how long to wait for one; zero: only what is there already
  /// @return null if there was none in that time
  /// @throws KubeException 410 (`isGone`) when the server no longer has the version: list again;
  ///   otherwise the stream broke or ended: watch again from the last version
  @Nullable WatchEvent next(Duration wait) throws KubeException;

  @Override
  void close();
}
