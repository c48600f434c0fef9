package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import dev.longshore.kube.Resource;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What an address means.
///
/// @param namespace empty for all, and for kinds without
/// @param name empty for all objects
/// @param subresource empty for the object itself
record Route(Resource resource, String namespace, String name, String subresource) {
  static Route of(ApiServer server, URI address) throws KubeException {
    List<String> parts = new ArrayList<>();
    for (String part : address.getRawPath().substring(1).split("/", -1)) {
      parts.add(URLDecoder.decode(part, StandardCharsets.UTF_8));
    }
    boolean core = parts.getFirst().equals("api");
    int fixed = core ? 2 : 3;
    if (parts.size() <= fixed || !(core || parts.getFirst().equals("apis"))) {
      throw Failures.noSuchAddress();
    }
    String group = core ? "" : parts.get(1);
    String version = parts.get(fixed - 1);
    List<String> rest = parts.subList(fixed, parts.size());
    String namespace = "";
    if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
      namespace = rest.get(1);
      rest = rest.subList(2, rest.size());
    }
    Resource resource = server.resource(group, version, rest.getFirst());
    if (resource == null || rest.size() > 3) {
      throw Failures.noSuchAddress();
    }
    return new Route(
        resource,
        namespace,
        rest.size() > 1 ? rest.get(1) : "",
        rest.size() > 2 ? rest.get(2) : "");
  }
}
