package dev.longshore.kube;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Where a cluster's API is, and how a client proves who it is. Safe for use by many threads.
public final class Cluster {
  /// Where Kubernetes puts a pod's service account.
  public static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final long MAX_FILE_BYTES = 4 << 20;

  private final URI server;
  private final Optional<SSLContext> tls;
  private final BearerToken token;
  private final Map<String, List<String>> headers;
  private final String namespace;

  /// @param tls empty for plain HTTP
  Cluster(URI server, Optional<SSLContext> tls, Identity identity, String namespace) {
    this.server = server;
    this.tls = tls;
    this.token = identity.token();
    this.headers = identity.headers();
    this.namespace = namespace;
  }

  /// Who asks, besides a certificate.
  ///
  /// @param headers for acting as somebody else
  record Identity(BearerToken token, Map<String, List<String>> headers) {}

  /// The cluster that the environment names: by `KUBECONFIG`, or as every pod is told.
  ///
  /// @param environment as the process has it
  /// @throws IOException if there is neither, or something named cannot be read
  public static Cluster find(Map<String, String> environment, InstantSource clock)
      throws IOException {
    String config = environment.getOrDefault("KUBECONFIG", "");
    if (!config.isEmpty()) {
      List<Path> files = new ArrayList<>();
      for (String file : config.split(File.pathSeparator, -1)) {
        if (!file.isEmpty()) {
          files.add(Path.of(file));
        }
      }
      return ofKubeconfig(files, "", clock);
    }
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return inside(environment, SERVICE_ACCOUNT, clock);
    }
    throw new IOException(
        "no cluster: neither KUBECONFIG is set nor does this run in a pod"
            + " (KUBERNETES_SERVICE_HOST is not set)");
  }

  /// The cluster of the pod that this runs in.
  ///
  /// @param account the folder with `token`, `ca.crt` and `namespace`
  public static Cluster inside(Map<String, String> environment, Path account, InstantSource clock)
      throws IOException {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    URI server = server("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    KubeTls tls = new KubeTls(read(account.resolve("ca.crt")), "", "", "", true);
    BearerToken token = BearerToken.ofFile(account.resolve("token"), clock);
    Path namespace = account.resolve("namespace");
    return new Cluster(
        server,
        Optional.of(tls.context()),
        new Identity(token, Map.of()),
        Files.exists(namespace) ? read(namespace).strip() : "");
  }

  /// The cluster of a context of kubeconfig files.
  ///
  /// @param files of what stands in several, the first counts
  /// @param context empty for the current one
  public static Cluster ofKubeconfig(List<Path> files, String context, InstantSource clock)
      throws IOException {
    return Kubeconfig.read(files).cluster(context, clock);
  }

  /// An address as a base of others.
  static URI server(String text) throws IOException {
    try {
      URI server = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean web = "https".equals(server.getScheme()) || "http".equals(server.getScheme());
      if (web && server.getHost() != null && server.getRawQuery() == null) {
        return server;
      }
    } catch (URISyntaxException e) {
      // as any other text that is no address
    }
    throw new IOException("the address of the API server is no URL: " + text);
  }

  /// A small file of text.
  static String read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException("the file is too large: " + file);
    }
    return Files.readString(file);
  }

  public URI server() {
    return server;
  }

  /// The namespace that the pod or the context is in; empty if it has none.
  public String namespace() {
    return namespace;
  }

  Optional<SSLContext> tls() {
    return tls;
  }

  BearerToken token() {
    return token;
  }

  Map<String, List<String>> headers() {
    return headers;
  }
}
