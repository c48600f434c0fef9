package dev.longshore.kube.server;

import java.util.Locale;

/// What a request asks for, in the words of permissions.
public enum Verb {
  GET,
  LIST,
  WATCH,
  CREATE,
  UPDATE,
  PATCH,
  DELETE;

  public boolean isWrite() {
    return compareTo(CREATE) >= 0;
  }

  /// As rules have it.
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
