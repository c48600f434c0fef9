package dev.longshore.cbt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataServiceTest {
  private final ApiServer server = new ApiServer(new VirtualTime(), new Random(1));

  private static KubeObject resource(Resource version, String address) {
    String certificate = Base64.getEncoder().encodeToString("PEM".getBytes(StandardCharsets.UTF_8));
    return KubeObject.of(version, "", "rbd.csi.ceph.com")
        .with(address, "spec", "address")
        .with("me", "spec", "audience")
        .with(certificate, "spec", "caCert")
        .with(true, "spec", "somethingNew");
  }

  @Test
  void isFoundInEitherVersion() throws Exception {
    assertEquals(Optional.empty(), MetadataService.find(server, "rbd.csi.ceph.com"));
    for (Resource version : MetadataService.VERSIONS) {
      ApiServer one = new ApiServer(new VirtualTime(), new Random(1));
      one.register(version);
      assertEquals(Optional.empty(), MetadataService.find(one, "rbd.csi.ceph.com"));
      one.create(version, resource(version, "host.ns:6443"));
      MetadataService found = MetadataService.find(one, "rbd.csi.ceph.com").orElseThrow();
      assertEquals(new MetadataService("host.ns:6443", "me", "PEM"), found);
      assertEquals(found, MetadataService.parse(found.toJson()));
      assertEquals("host.ns", found.host());
      assertEquals(6443, found.port());
    }
  }

  @Test
  void aRefusalIsNoAbsence() {
    assertEquals(
        403,
        assertThrows(
                KubeException.class, () -> MetadataService.find(server.asUser("nobody"), "driver"))
            .code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:", ":443", "host:0", "host:99999", "host:12x"})
  void anAddressThatIsNoneIsRefused(String address) throws Exception {
    Resource version = MetadataService.VERSIONS.getFirst();
    server.register(version);
    server.create(version, resource(version, address));
    assertThrows(MetadataException.class, () -> MetadataService.find(server, "rbd.csi.ceph.com"));
  }

  @Test
  void addressesMayBeNumbers() {
    MetadataService service = new MetadataService("[fd00::1]:50051", "a", "c");
    assertEquals("fd00::1", service.host());
    assertEquals(50051, service.port());
  }
}
