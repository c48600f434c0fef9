package dev.longshore.kube;

import org.jspecify.annotations.Nullable;

/// A request before it is sent.
///
/// @param type of the body
/// @param body null for none
record HttpCall(String method, Address address, String type, Json.@Nullable Obj body) {
  static HttpCall get(Address address) {
    return new HttpCall("GET", address, "", null);
  }

  static HttpCall write(String method, Address address, String type, Json.Obj body) {
    return new HttpCall(method, address, type, body);
  }

  /// Whether it changes nothing.
  boolean isRead() {
    return method.equals("GET");
  }

  @Override
  public String toString() {
    return method + " " + address;
  }
}
