package dev.longshore.kube;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Addresses of the API. Names come from objects that others wrote, so nothing in them becomes
/// another part of an address.
final class Address {
  private final StringBuilder text = new StringBuilder();
  private char separator = '?';

  private Address(Resource resource) throws KubeException {
    text.append(resource.group().isEmpty() ? "/api" : "/apis");
    if (!resource.group().isEmpty()) {
      segment(resource.group());
    }
    segment(resource.version());
  }

  /// Of all objects of a kind.
  ///
  /// @param namespace empty for all of them
  static Address ofAll(Resource resource, String namespace) throws KubeException {
    Address address = new Address(resource);
    if (resource.namespaced() && !namespace.isEmpty()) {
      address.segment("namespaces").segment(namespace);
    }
    return address.segment(resource.plural());
  }

  /// Of one object.
  ///
  /// @throws KubeException if the name, or a namespace that it needs, is empty
  static Address of(Resource resource, String namespace, String name) throws KubeException {
    if (resource.namespaced() && namespace.isEmpty()) {
      throw bad("the namespace of an object is needed: " + resource + " " + name);
    }
    return ofAll(resource, namespace).segment(name);
  }

  Address segment(String part) throws KubeException {
    if (part.isEmpty() || part.equals(".") || part.equals("..")) {
      throw bad("no name of an object: \"" + part + "\"");
    }
    text.append('/').append(encoded(part).replace("+", "%20"));
    return this;
  }

  private static KubeException bad(String message) {
    return new KubeException(400, "BadRequest", message);
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }

  /// Adds a parameter, if its value is neither null nor empty.
  Address with(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      text.append(separator).append(name).append('=').append(encoded(value));
      separator = '&';
    }
    return this;
  }

  Address with(ListOptions options) {
    return with("labelSelector", options.labelSelector())
        .with("fieldSelector", options.fieldSelector());
  }

  URI at(URI server) {
    return URI.create(server + text.toString());
  }

  /// The address without the server.
  @Override
  public String toString() {
    return text.toString();
  }
}
