package dev.longshore.cbt;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Where a driver's snapshot metadata service is: the resource SnapshotMetadataService, which is
/// called like the driver.
///
/// @param address `host:port`
/// @param audience whom its tokens are for
/// @param caCertificate PEM: whom alone to trust
public record MetadataService(String address, String audience, String caCertificate) {
  private static final String GROUP = "cbt.storage.k8s.io";
  private static final String PLURAL = "snapshotmetadataservices";
  private static final String KIND = "SnapshotMetadataService";
  private static final int HIGHEST_PORT = 65_535;

  /// The kind in the versions there are, the newest first.
  public static final List<Resource> VERSIONS =
      List.of(
          new Resource(GROUP, "v1beta1", PLURAL, KIND, false),
          new Resource(GROUP, "v1alpha1", PLURAL, KIND, false));

  /// Finds the service of a driver.
  ///
  /// @return empty if it has none, or clusters do not know of such services
  /// @throws KubeException if that cannot be told
  /// @throws MetadataException if the resource makes no sense
  public static Optional<MetadataService> find(KubeApi api, String driver)
      throws KubeException, MetadataException {
    for (Resource version : VERSIONS) {
      try {
        return Optional.of(of(api.get(version, "", driver)));
      } catch (KubeException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }

  private static MetadataService of(KubeObject object) throws MetadataException {
    String certificate;
    try {
      byte[] pem = Base64.getDecoder().decode(object.text("spec", "caCert"));
      certificate = new String(pem, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw MetadataException.invalid(KIND + " " + object.name() + ": caCert is not in base64");
    }
    MetadataService service =
        new MetadataService(
            object.text("spec", "address"), object.text("spec", "audience"), certificate);
    if (service.host().isEmpty() || service.audience.isEmpty() || certificate.isEmpty()) {
      throw MetadataException.invalid(
          KIND + " " + object.name() + " lacks an address, an audience or a certificate");
    }
    return service;
  }

  /// The host of the address, whom the server's certificate must be for; empty if there is none.
  String host() {
    int colon = address.lastIndexOf(':');
    if (colon <= 0 || port() == 0) {
      return "";
    }
    String host = address.substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /// The port of the address; 0 if there is none.
  int port() {
    String digits = address.substring(address.lastIndexOf(':') + 1);
    if (!digits.matches("[0-9]{1,5}")) {
      return 0;
    }
    int port = Integer.parseInt(digits);
    return port <= HIGHEST_PORT ? port : 0;
  }

  /// This as JSON.
  public Json.Obj toJson() {
    return Json.Obj.EMPTY
        .with("address", address)
        .with("audience", audience)
        .with("caCert", caCertificate);
  }

  /// Reads what [#toJson] has written.
  ///
  /// @throws IOException if it is something else
  public static MetadataService parse(Json.Obj json) throws IOException {
    KubeObject fields = new KubeObject(json);
    MetadataService service =
        new MetadataService(fields.text("address"), fields.text("audience"), fields.text("caCert"));
    if (service.host().isEmpty()) {
      throw new IOException("no service: " + JsonCodec.write(json));
    }
    return service;
  }
}
