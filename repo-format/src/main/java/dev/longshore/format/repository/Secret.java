package dev.longshore.format.repository;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// Bytes that must not be shown: the hash secret and the master key of a repository.
///
/// Immutable; copies on the way in and out. `toString` shows the length only.
public final class Secret {
  /// No bytes: the field is absent.
  public static final Secret EMPTY = new Secret(new byte[0]);

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Holds a copy of the bytes.
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /// Makes a new secret.
  public static Secret random(SecureRandom random, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return new Secret(bytes);
  }

  /// A copy of the bytes.
  public byte[] reveal() {
    return bytes.clone();
  }

  /// Tells whether there are no bytes.
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /// In constant time for equal lengths.
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Secret[" + bytes.length + " bytes]";
  }
}
