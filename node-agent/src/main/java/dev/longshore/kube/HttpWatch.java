package dev.longshore.kube;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A watch over HTTP: a line for each event.
final class HttpWatch implements Watch {
  private final HttpCall call;
  private final EventLines lines;
  private final Duration silence;

  /// @param silence after which the server counts as lost
  HttpWatch(HttpCall call, EventLines lines, Duration silence) {
    this.call = call;
    this.lines = lines;
    this.silence = silence;
  }

  @Override
  public @Nullable WatchEvent next(Duration wait) throws KubeException {
    try {
      byte[] line = lines.next(wait);
      if (line != null) {
        return Answers.event(line);
      }
      if (lines.silence().compareTo(silence) > 0) {
        throw new IOException("nothing came for " + silence);
      }
      return null;
    } catch (KubeException e) {
      lines.close();
      throw e;
    } catch (IOException e) {
      lines.close();
      throw ended(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ended("interrupted", e);
    }
  }

  private KubeException ended(String why, Exception cause) {
    return new KubeException(0, "", call + ": " + why, Duration.ZERO, cause);
  }

  @Override
  public void close() {
    lines.close();
  }
}
