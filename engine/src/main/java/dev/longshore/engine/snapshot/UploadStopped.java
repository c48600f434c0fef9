package dev.longshore.engine.snapshot;

import java.io.IOException;

/// The upload was asked to end, has reached its limit, or has failed elsewhere: what is under way
/// is dropped without being an error of its own.
final class UploadStopped extends IOException {
  private static final long serialVersionUID = 1L;

  UploadStopped() {
    super("upload stopped");
  }
}
