package dev.longshore.kube.server;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeList;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;

/// The API of one user.
final class UserApi implements KubeApi {
  private final ApiServer server;
  private final String user;

  UserApi(ApiServer server, String user) {
    this.server = server;
    this.user = user;
  }

  private Request request(Verb verb, Resource resource, String namespace, String name) {
    return new Request(user, verb, resource, "", namespace, name, null);
  }

  private Request write(Verb verb, Resource resource, KubeObject body) {
    String name = verb == Verb.CREATE ? "" : body.name();
    return new Request(user, verb, resource, "", body.namespace(), name, body.json());
  }

  @Override
  public KubeObject get(Resource resource, String namespace, String name) throws KubeException {
    return server.perform(
        request(Verb.GET, resource, namespace, name),
        "",
        () -> server.reads().get(server.kind(resource), namespace, name));
  }

  @Override
  public KubeList list(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return server.perform(
        request(Verb.LIST, resource, namespace, ""),
        options.fieldSelector(),
        () -> server.reads().list(server.kind(resource), namespace, options));
  }

  @Override
  public KubeObject create(Resource resource, KubeObject object) throws KubeException {
    return server.perform(
        write(Verb.CREATE, resource, object),
        "",
        () -> server.writes().create(server.kind(resource), object));
  }

  @Override
  public KubeObject replace(Resource resource, KubeObject object) throws KubeException {
    return server.perform(
        write(Verb.UPDATE, resource, object),
        "",
        () -> server.writes().replace(server.kind(resource), object, false));
  }

  @Override
  public KubeObject replaceStatus(Resource resource, KubeObject object) throws KubeException {
    Request request =
        new Request(
            user,
            Verb.UPDATE,
            resource,
            "status",
            object.namespace(),
            object.name(),
            object.json());
    return server.perform(
        request,
        "",
        () -> {
          Kind kind = server.kind(resource);
          if (!kind.status()) {
            throw Failures.noSuchAddress();
          }
          return server.writes().replace(kind, object, true);
        });
  }

  @Override
  public KubeObject patch(Resource resource, String namespace, String name, Json.Obj patch)
      throws KubeException {
    Request request = new Request(user, Verb.PATCH, resource, "", namespace, name, patch);
    KubeObject place = KubeObject.of(resource, namespace, name);
    return server.perform(
        request, "", () -> server.writes().patch(server.kind(resource), place, patch, false));
  }

  @Override
  public void delete(Resource resource, String namespace, String name, DeleteOptions options)
      throws KubeException {
    KubeObject place = KubeObject.of(resource, namespace, name);
    server.perform(
        request(Verb.DELETE, resource, namespace, name),
        "",
        () -> {
          server.writes().delete(server.kind(resource), place, options);
          return place;
        });
  }

  @Override
  public KubeObject createToken(String namespace, String serviceAccount, KubeObject request)
      throws KubeException {
    Request asked =
        new Request(
            user,
            Verb.CREATE,
            Resource.SERVICE_ACCOUNTS,
            "token",
            namespace,
            serviceAccount,
            request.json());
    return server.perform(
        asked, "", () -> server.tokens().issue(namespace, serviceAccount, request));
  }

  @Override
  public Watch watch(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    Request request = request(Verb.WATCH, resource, namespace, "");
    return server.perform(request, options.fieldSelector(), () -> server.open(request, options));
  }
}
