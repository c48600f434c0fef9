package dev.longshore.engine.source;

import java.io.IOException;
import java.io.InputStream;

/// Bytes that come once, of unknown number: standard input, a device that cannot seek.
public non-sealed interface SourceStream extends SourceEntry {
  /// The stream; the caller closes it.
  InputStream open() throws IOException;
}
