package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class S3OptionsTest {
  private static S3Options parse(String json) throws Exception {
    return S3Options.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keepsWhatKopiaWrites() throws Exception {
    for (String json :
        List.of(
            "{\"bucket\":\"b\",\"endpoint\":\"e\",\"accessKeyID\":\"\",\"secretAccessKey\":\"\",\"sessionToken\":\"\","
                + "\"roleARN\":\"\",\"sessionName\":\"\",\"duration\":\"0s\",\"roleEndpoint\":\"\",\"roleRegion\":\"\"}",
            "{\"bucket\":\"b\",\"prefix\":\"p/\",\"endpoint\":\"e:9000\",\"doNotUseTLS\":true,\"doNotVerifyTLS\":true,"
                + "\"rootCA\":\"cGVt\",\"accessKeyID\":\"a\",\"secretAccessKey\":\"s\",\"sessionToken\":\"t\","
                + "\"webIdentityToken\":\"w\",\"webIdentityTokenFile\":\"/w\",\"roleARN\":\"arn\",\"sessionName\":\"n\","
                + "\"duration\":\"1h0m0s\",\"roleEndpoint\":\"r\",\"roleRegion\":\"rr\",\"region\":\"x\","
                + "\"readsPerSecond\":5,\"maxUploadSpeedBytesPerSecond\":1000,\"pointInTime\":\"2026-01-01T00:00:00Z\"}",
            "{\"bucket\":\"b\",\"endpoint\":\"e\",\"accessKeyID\":\"\",\"secretAccessKey\":\"\",\"sessionToken\":\"\","
                + "\"roleARN\":\"\",\"sessionName\":\"\",\"duration\":\"0s\",\"roleEndpoint\":\"\",\"roleRegion\":\"\","
                + "\"profile\":\"dev\",\"serverSideEncryption\":\"aws:kms\",\"sseKmsKeyID\":\"k\"}")) {
      assertEquals(json, parse(json).toJson());
    }
  }

  @Test
  void showsNoSecrets() throws Exception {
    String shown =
        parse(
                "{\"bucket\":\"b\",\"secretAccessKey\":\"hidden\",\"sessionToken\":\"hidden\","
                    + "\"webIdentityToken\":\"hidden\"}")
            .toString();
    assertFalse(shown.contains("hidden"), shown);
  }

  @Test
  void refusesWhatIsNoConfig() {
    for (String json : List.of("", "[]", "{\"bucket\":1}", "{\"rootCA\":\"?\"}")) {
      assertThrows(CorruptException.class, () -> parse(json), json);
    }
  }

  private static S3Target target(String host, boolean tls, String bucket) throws Exception {
    return S3Target.of(
        S3Options.of(
            bucket,
            "",
            new S3Options.Endpoint(host, "", !tls, false, S3Options.Pem.NONE),
            S3Options.Credentials.FOUND));
  }

  private static String uri(S3Target target, String key) {
    return target.uri(target.path(key), new TreeMap<>()).toString();
  }

  @Test
  void putsTheBucketWhereTheServerWantsIt() throws Exception {
    assertEquals(
        "https://b-1.s3.amazonaws.com/p/%C3%A4%2B1",
        uri(target("s3.amazonaws.com", true, "b-1"), "p/ä+1"));
    assertEquals("https://b-1.s3.amazonaws.com/", uri(target("s3.amazonaws.com", true, "b-1"), ""));
    assertEquals(
        "https://b-1.s3.eu-west-1.amazonaws.com/k",
        uri(target("s3.amazonaws.com", true, "b-1").in("eu-west-1"), "k"));
    assertEquals(
        "https://s3.amazonaws.com/b.1/k", uri(target("s3.amazonaws.com", true, "b.1"), "k"));
    assertEquals(
        "http://b.1.s3.amazonaws.com/k", uri(target("s3.amazonaws.com", false, "b.1"), "k"));
    // What no host's name can be stays in the path.
    assertEquals(
        "https://s3.amazonaws.com/B_1/k", uri(target("s3.amazonaws.com", true, "B_1"), "k"));
    assertEquals("http://minio:9000/b/k", uri(target("minio:9000", false, "b"), "k"));
    assertEquals("http://[::1]:9000/b", uri(target("[::1]:9000", false, "b"), ""));
    assertEquals(
        "https://amazonaws.com.example/b/k", uri(target("amazonaws.com.example", true, "b"), "k"));
  }

  @Test
  void readsTheRegionFromTheHost() throws Exception {
    assertEquals(
        "eu-west-1", target("s3.eu-west-1.amazonaws.com", true, "b").regionInHost().orElse(""));
    assertEquals(
        "us-gov-west-1",
        target("s3-us-gov-west-1.amazonaws.com", true, "b").regionInHost().orElse(""));
    assertEquals(
        "cn-north-1",
        target("s3.cn-north-1.amazonaws.com.cn", true, "b").regionInHost().orElse(""));
    assertEquals(
        "ap-east-1",
        target("s3.dualstack.ap-east-1.amazonaws.com", true, "b").regionInHost().orElse(""));
    assertEquals("", target("s3.amazonaws.com", true, "b").regionInHost().orElse(""));
    assertEquals("", target("s3.eu-west-1.example.com", true, "b").regionInHost().orElse(""));
  }
}
