package dev.longshore.agent.metrics;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeList;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;

/// Counts the requests that pass. Safe for use by many threads.
public final class MeteredApi implements KubeApi {
  private static final int OK = 200;

  private final KubeApi inner;
  private final AgentMetrics metrics;

  public MeteredApi(KubeApi inner, AgentMetrics metrics) {
    this.inner = inner;
    this.metrics = metrics;
  }

  private interface Request<T> {
    T send() throws KubeException;
  }

  private <T> T counted(String verb, Request<T> request) throws KubeException {
    try {
      T answer = request.send();
      metrics.requested(verb, OK);
      return answer;
    } catch (KubeException e) {
      metrics.requested(verb, e.code());
      throw e;
    }
  }

  @Override
  public KubeObject get(Resource resource, String namespace, String name) throws KubeException {
    return counted("get", () -> inner.get(resource, namespace, name));
  }

  @Override
  public KubeList list(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return counted("list", () -> inner.list(resource, namespace, options));
  }

  @Override
  public KubeObject create(Resource resource, KubeObject object) throws KubeException {
    return counted("create", () -> inner.create(resource, object));
  }

  @Override
  public KubeObject replace(Resource resource, KubeObject object) throws KubeException {
    return counted("update", () -> inner.replace(resource, object));
  }

  @Override
  public KubeObject replaceStatus(Resource resource, KubeObject object) throws KubeException {
    return counted("update", () -> inner.replaceStatus(resource, object));
  }

  @Override
  public KubeObject patch(Resource resource, String namespace, String name, Json.Obj patch)
      throws KubeException {
    return counted("patch", () -> inner.patch(resource, namespace, name, patch));
  }

  @Override
  public void delete(Resource resource, String namespace, String name, DeleteOptions options)
      throws KubeException {
    counted(
        "delete",
        () -> {
          inner.delete(resource, namespace, name, options);
          return true;
        });
  }

  @Override
  public KubeObject createToken(String namespace, String serviceAccount, KubeObject request)
      throws KubeException {
    return counted("create", () -> inner.createToken(namespace, serviceAccount, request));
  }

  @Override
  public Watch watch(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return counted("watch", () -> inner.watch(resource, namespace, options));
  }
}
