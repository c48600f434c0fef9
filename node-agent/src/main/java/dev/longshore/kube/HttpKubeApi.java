package dev.longshore.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// The API of a cluster over HTTP.
///
/// Repeats, within [Limits#patience]: what was refused unread (429, or a token that has been
/// renewed meanwhile), what never reached the server, and reads that failed otherwise. Objects come
/// without `metadata.managedFields`, often the larger part of them; the server keeps those when a
/// write does not name them.
///
/// Safe for use by many threads.
public final class HttpKubeApi implements KubeApi, AutoCloseable {
  private static final String JSON = "application/json";
  private static final String MERGE_PATCH = "application/merge-patch+json";

  private final HttpTransport transport;

  public HttpKubeApi(Cluster cluster, Limits limits, Pace pace) {
    transport = new HttpTransport(cluster, limits, pace);
  }

  @Override
  public KubeObject get(Resource resource, String namespace, String name) throws KubeException {
    return transport.send(HttpCall.get(Address.of(resource, namespace, name)), Answers::object);
  }

  @Override
  public KubeList list(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    String limit = options.limit() > 0 ? Integer.toString(options.limit()) : "";
    Address address =
        Address.ofAll(resource, namespace)
            .with(options)
            .with("limit", limit)
            .with("continue", options.continueFrom());
    return transport.send(HttpCall.get(address), body -> Answers.list(resource, body));
  }

  @Override
  public KubeObject create(Resource resource, KubeObject object) throws KubeException {
    if (resource.namespaced() && object.namespace().isEmpty()) {
      throw new KubeException(400, "BadRequest", "an object needs a namespace: " + object.name());
    }
    Address address = Address.ofAll(resource, object.namespace());
    return transport.send(HttpCall.write("POST", address, JSON, object.json()), Answers::object);
  }

  @Override
  public KubeObject replace(Resource resource, KubeObject object) throws KubeException {
    Address address = Address.of(resource, object.namespace(), object.name());
    return transport.send(HttpCall.write("PUT", address, JSON, object.json()), Answers::object);
  }

  @Override
  public KubeObject replaceStatus(Resource resource, KubeObject object) throws KubeException {
    Address address = Address.of(resource, object.namespace(), object.name()).segment("status");
    return transport.send(HttpCall.write("PUT", address, JSON, object.json()), Answers::object);
  }

  @Override
  public KubeObject patch(Resource resource, String namespace, String name, Json.Obj patch)
      throws KubeException {
    Address address = Address.of(resource, namespace, name);
    return transport.send(HttpCall.write("PATCH", address, MERGE_PATCH, patch), Answers::object);
  }

  @Override
  public void delete(Resource resource, String namespace, String name, DeleteOptions options)
      throws KubeException {
    Address address = Address.of(resource, namespace, name);
    transport.send(
        HttpCall.write("DELETE", address, JSON, deletion(options)), HttpKubeApi::passOver);
  }

  /// Says that dependents are to follow: the standard for jobs is that they stay.
  private static Json.Obj deletion(DeleteOptions options) {
    Json.Obj body =
        Json.Obj.EMPTY
            .with("kind", "DeleteOptions")
            .with("apiVersion", "v1")
            .with("propagationPolicy", "Background");
    if (!options.uid().isEmpty()) {
      body = body.with("preconditions", Json.Obj.of("uid", new Json.Str(options.uid())));
    }
    if (options.graceSeconds() >= 0) {
      body = body.with("gracePeriodSeconds", options.graceSeconds());
    }
    return body;
  }

  private static List<Json> passOver(InputStream body) throws IOException {
    body.transferTo(OutputStream.nullOutputStream());
    return List.of();
  }

  @Override
  public KubeObject createToken(String namespace, String serviceAccount, KubeObject request)
      throws KubeException {
    Address address =
        Address.of(Resource.SERVICE_ACCOUNTS, namespace, serviceAccount).segment("token");
    return transport.send(HttpCall.write("POST", address, JSON, request.json()), Answers::object);
  }

  @Override
  public Watch watch(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    Address address =
        Address.ofAll(resource, namespace)
            .with(options)
            .with("watch", "true")
            .with("allowWatchBookmarks", "true")
            .with("resourceVersion", options.resourceVersion());
    return transport.watch(address);
  }

  /// Ends all requests and watches.
  @Override
  public void close() {
    transport.close();
  }
}
