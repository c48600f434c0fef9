package dev.longshore.kube;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// The clusters, users and contexts of kubeconfig files.
final class Kubeconfig {
  private final Map<String, Entry> clusters = new LinkedHashMap<>();
  private final Map<String, Entry> users = new LinkedHashMap<>();
  private final Map<String, Entry> contexts = new LinkedHashMap<>();
  private String current = "";

  /// @param folder what its relative paths start from
  private record Entry(KubeObject fields, Path folder) {
    String text(String field) {
      return fields.text(field);
    }

    boolean has(String field) {
      return fields.at(field) != null;
    }

    /// What stands in a field of base64, or in the file that another field names; else empty.
    String content(String field) throws IOException {
      String data = text(field + "-data");
      if (!data.isEmpty()) {
        try {
          byte[] bytes = Base64.getDecoder().decode(data.replaceAll("\\s", ""));
          return new String(bytes, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          throw new IOException("kubeconfig: " + field + "-data is not base64");
        }
      }
      String file = text(field);
      return file.isEmpty() ? "" : Cluster.read(folder.resolve(file));
    }
  }

  private Kubeconfig() {}

  static Kubeconfig read(List<Path> files) throws IOException {
    Kubeconfig config = new Kubeconfig();
    for (Path file : files) {
      config.add(new KubeObject(Yaml.parseObject(Cluster.read(file))), file.toAbsolutePath());
    }
    return config;
  }

  private void add(KubeObject text, Path file) {
    Path folder = file.resolveSibling("");
    add(text, "clusters", "cluster", folder, clusters);
    add(text, "users", "user", folder, users);
    add(text, "contexts", "context", folder, contexts);
    if (current.isEmpty()) {
      current = text.text("current-context");
    }
  }

  private static void add(
      KubeObject text, String list, String field, Path folder, Map<String, Entry> entries) {
    for (Json.Obj item : text.array(list).objects()) {
      KubeObject named = new KubeObject(item);
      Entry entry = new Entry(new KubeObject(named.object(field)), folder);
      entries.putIfAbsent(named.text("name"), entry);
    }
  }

  private static Entry find(Map<String, Entry> entries, String what, String name)
      throws IOException {
    Entry found = entries.get(name);
    if (found == null) {
      throw new IOException("kubeconfig: there is no %s \"%s\"".formatted(what, name));
    }
    return found;
  }

  /// @param name empty for the current context
  Cluster cluster(String name, InstantSource clock) throws IOException {
    Entry context = find(contexts, "context", name.isEmpty() ? current : name);
    Entry cluster = find(clusters, "cluster", context.text("cluster"));
    Entry user =
        context.text("user").isEmpty()
            ? new Entry(new KubeObject(Json.Obj.EMPTY), context.folder())
            : find(users, "user", context.text("user"));
    refuseUnsupported(cluster, user, context.text("user"));
    URI server = Cluster.server(cluster.text("server"));
    Optional<SSLContext> tls =
        "https".equals(server.getScheme())
            ? Optional.of(tls(cluster, user).context())
            : Optional.empty();
    Cluster.Identity identity = new Cluster.Identity(token(user, clock), impersonation(user));
    return new Cluster(server, tls, identity, context.text("namespace"));
  }

  private static KubeTls tls(Entry cluster, Entry user) throws IOException {
    String certificate = user.content("client-certificate");
    String key = user.content("client-key");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IOException("kubeconfig: a client certificate and its key go together");
    }
    return new KubeTls(
        cluster.content("certificate-authority"),
        certificate,
        key,
        cluster.text("tls-server-name"),
        !cluster.fields().flag("insecure-skip-tls-verify"));
  }

  private static BearerToken token(Entry user, InstantSource clock) throws IOException {
    if (!user.text("tokenFile").isEmpty()) {
      return BearerToken.ofFile(user.folder().resolve(user.text("tokenFile")), clock);
    }
    return BearerToken.of(user.text("token"), clock);
  }

  private static Map<String, List<String>> impersonation(Entry user) throws IOException {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    if (!user.text("as").isEmpty()) {
      headers.put("Impersonate-User", List.of(user.text("as")));
      headers.put("Impersonate-Group", user.fields().array("as-groups").strings());
    }
    for (List<String> values : headers.values()) {
      for (String value : values) {
        BearerToken.headerValue("name to act as", value);
      }
    }
    return headers;
  }

  private static void refuseUnsupported(Entry cluster, Entry user, String name) throws IOException {
    List<String> found = new ArrayList<>();
    for (String field : List.of("exec", "auth-provider", "username")) {
      if (user.has(field)) {
        found.add(field);
      }
    }
    if (!found.isEmpty()) {
      throw new IOException(
          "kubeconfig: user \"%s\" logs in by %s, which is not supported: use a token (kubectl create token), a token file or a client certificate"
              .formatted(name, String.join(", ", found)));
    }
    if (cluster.has("proxy-url")) {
      throw new IOException("kubeconfig: proxy-url is not supported");
    }
  }
}
