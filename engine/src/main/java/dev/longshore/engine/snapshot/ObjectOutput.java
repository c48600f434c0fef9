package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectWriter;
import java.io.OutputStream;

/// An object writer as a stream; closing it does nothing to the writer.
final class ObjectOutput extends OutputStream {
  private final ObjectWriter writer;

  ObjectOutput(ObjectWriter writer) {
    this.writer = writer;
  }

  @Override
  public void write(int b) throws RepositoryException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] data, int offset, int length) throws RepositoryException {
    writer.write(data, offset, length);
  }
}
