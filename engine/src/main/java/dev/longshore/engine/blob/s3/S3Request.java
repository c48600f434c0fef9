package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.Body;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is asked of a bucket.
///
/// @param method `GET`, `HEAD`, `PUT` or `DELETE`
/// @param key of an object; empty for the bucket itself
/// @param query not escaped
/// @param headers that are signed, by lower-case name
/// @param body null for none
record S3Request(
    String method,
    String key,
    SortedMap<String, String> query,
    Map<String, String> headers,
    @Nullable Body body) {
  static S3Request of(String method, String key) {
    return new S3Request(method, key, new TreeMap<>(), Map.of(), null);
  }

  /// A copy with these headers only.
  S3Request withHeaders(Map<String, String> newHeaders) {
    return new S3Request(method, key, query, newHeaders, body);
  }

  /// A copy that sends a body.
  S3Request withBody(Map<String, String> newHeaders, Body newBody) {
    return new S3Request(method, key, query, newHeaders, newBody);
  }
}
