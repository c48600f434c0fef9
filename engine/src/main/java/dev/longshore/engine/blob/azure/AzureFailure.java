package dev.longshore.engine.blob.azure;

import java.io.IOException;

/// A server's refusal of a request that did not go through the SDK's own methods.
final class AzureFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /// @param code Azure's word for it, `BlobNotFound`; empty if the answer had none
  AzureFailure(int status, String code) {
    super(status + " " + code);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
