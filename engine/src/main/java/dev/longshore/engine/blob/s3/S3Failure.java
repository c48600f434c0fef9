package dev.longshore.engine.blob.s3;

import java.io.IOException;

/// A server's refusal.
final class S3Failure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String region;

  /// @param code S3's word for it, `NoSuchKey`; empty if the answer had none
  /// @param message the server's sentence, empty if there was none
  /// @param region where the bucket is, if the answer told; else empty
  S3Failure(int status, String code, String message, String region) {
    super(message);
    this.status = status;
    this.code = code;
    this.region = region;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String region() {
    return region;
  }
}
