package dev.longshore.agent.world;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeList;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;

/// A participant's way to the API: counts its writes, and lets it crash at one of them.
final class Tap implements KubeApi {
  private final KubeApi api;
  private final String who;
  private long writes;
  private long crashAt = Long.MAX_VALUE;
  private boolean afterwards;

  Tap(KubeApi api, String who) {
    this.api = api;
    this.who = who;
  }

  /// The number of writes so far.
  long writes() {
    return writes;
  }

  /// Crashes at a write from now on.
  ///
  /// @param number 1 is the next one
  /// @param isWritten whether it reaches the server
  void crashAt(long number, boolean isWritten) {
    crashAt = writes + number;
    afterwards = isWritten;
  }

  private interface Write<T> {
    T run() throws KubeException;
  }

  private <T> T write(Write<T> write) throws KubeException {
    writes++;
    if (writes != crashAt) {
      return write.run();
    }
    crashAt = Long.MAX_VALUE;
    if (afterwards) {
      write.run();
    }
    throw new Crash(who);
  }

  @Override
  public KubeObject get(Resource resource, String namespace, String name) throws KubeException {
    return api.get(resource, namespace, name);
  }

  @Override
  public KubeList list(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return api.list(resource, namespace, options);
  }

  @Override
  public KubeObject create(Resource resource, KubeObject object) throws KubeException {
    return write(() -> api.create(resource, object));
  }

  @Override
  public KubeObject replace(Resource resource, KubeObject object) throws KubeException {
    return write(() -> api.replace(resource, object));
  }

  @Override
  public KubeObject replaceStatus(Resource resource, KubeObject object) throws KubeException {
    return write(() -> api.replaceStatus(resource, object));
  }

  @Override
  public KubeObject patch(Resource resource, String namespace, String name, Json.Obj patch)
      throws KubeException {
    return write(() -> api.patch(resource, namespace, name, patch));
  }

  @Override
  public void delete(Resource resource, String namespace, String name, DeleteOptions options)
      throws KubeException {
    boolean _ =
        write(() -> {
          api.delete(resource, namespace, name, options);
          return true;
        });
  }

  @Override
  public KubeObject createToken(String namespace, String serviceAccount, KubeObject request)
      throws KubeException {
    return api.createToken(namespace, serviceAccount, request);
  }

  @Override
  public Watch watch(Resource resource, String namespace, ListOptions options)
      throws KubeException {
    return api.watch(resource, namespace, options);
  }
}
