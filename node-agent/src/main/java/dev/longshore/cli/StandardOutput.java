package dev.longshore.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// Where results go when the program is a process of its own: the first write that fails ends the
/// command. A `PrintStream` would swallow the failure and let a command list millions of names to a
/// reader that has gone, or onto a full disk.
///
/// For one thread at a time, like the `PrintStream` around it.
final class StandardOutput extends OutputStream {
  /// The first failure of standard output.
  static final class Failure extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    Failure(IOException cause) {
      super(cause);
      this.reason = String.valueOf(cause.getMessage());
    }

    /// What the system said.
    String reason() {
      return reason;
    }

    /// The reader went away before the end, as `head` does: nothing to complain about.
    boolean isReaderGone() {
      return reason.contains("Broken pipe");
    }
  }

  private final OutputStream out;
  private boolean failed;

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (failed) {
      // What is still buffered on the way out has nowhere to go, and the failure is known.
      return;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failed = true;
      throw new Failure(e);
    }
  }
}
