package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers, or what stands between, that answer with rubbish, or never end.
@Timeout(60)
class HostileServerTest {
  private static final String JSON = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  private static final Limits LIMITS =
      Limits.STANDARD.withRequest(Duration.ofSeconds(10)).withBody(1 << 20).withEvent(1 << 16);

  private final TestClock clock = new TestClock();

  private HttpKubeApi client(RawServer server, Limits limits) throws IOException {
    return HttpContractTest.client(server.uri(), limits);
  }

  /// A write, as those are sent once only.
  private KubeException create(RawServer server, Limits limits) throws IOException {
    try (server;
        HttpKubeApi api = client(server, limits)) {
      return assertThrows(
          KubeException.class,
          () -> api.create(Resource.CONFIG_MAPS, KubeObject.of(Resource.CONFIG_MAPS, "n", "a")));
    }
  }

  private KubeException list(RawServer server, Limits limits) throws IOException {
    HttpKubeApi api =
        new HttpKubeApi(
            new Cluster(
                server.uri(),
                Optional.empty(),
                new Cluster.Identity(BearerToken.of("", clock), Map.of()),
                ""),
            limits,
            clock.pace());
    try (server;
        api) {
      return assertThrows(KubeException.class, () -> api.list(Resource.PODS, "", ListOptions.ALL));
    }
  }

  private static String message(KubeException failure) {
    return String.valueOf(failure.getMessage());
  }

  private static RawServer endless(String head, String part) throws IOException {
    byte[] bytes = part.repeat(1000).getBytes(StandardCharsets.UTF_8);
    return new RawServer(out -> {
      out.write((JSON + "\r\n" + head).getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 1_000_000; i++) {
        out.write(bytes);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"items\":[", "{\"items\":[\"", "{\"x\":"})
  void endlessAnswersAreCutOff(String head) throws IOException {
    String part = head.endsWith("[") ? "{}," : head.endsWith("\"") ? "xxx" : "   ";
    Limits limits = LIMITS.withBody(1 << 17);
    assertEquals(0, list(endless(head, part), limits).code());
    assertEquals(0, create(endless(head, part), limits).code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "1",
        "{\"items\":{}}",
        "{\"items\":[1]}",
        "{\"items\":[{\"a\":",
        "{\"items\":[]",
        "{\"a\":\"\\u12\"}x",
        "not json"
      })
  void damagedAnswersAreNoAnswers(String body) throws IOException {
    String text = JSON + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    assertEquals(0, list(RawServer.saying(text), LIMITS).code());
  }

  @Test
  void nestedAnswersAreRefused() throws IOException {
    String body = "{\"a\":" + "[".repeat(100_000);
    assertEquals(0, create(RawServer.saying(JSON + "\r\n" + body), LIMITS).code());
  }

  @Test
  void cutAnswersAreNoAnswers() throws IOException {
    String text = JSON + "Content-Length: 1000\r\n\r\n{\"kind\":\"ConfigMap\"}";
    assertEquals(0, create(RawServer.saying(text), LIMITS).code());
  }

  @Test
  void pagesOfProxiesAreNoAnswers() throws IOException {
    String html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Please log in</html>";
    KubeException failure = create(RawServer.saying(html), LIMITS);
    assertEquals(0, failure.code());
    assertTrue(message(failure).contains("text/html"), message(failure));
  }

  @Test
  void errorsNeedNoJson() throws IOException {
    String html =
        "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nRetry-After: soon\r\n\r\n<p>\r\n"
            + "no ".repeat(10_000);
    KubeException failure = create(RawServer.saying(html), LIMITS);
    assertEquals(502, failure.code());
    assertEquals(Duration.ZERO, failure.retryAfter());
    assertTrue(message(failure).length() < 400, message(failure));
  }

  @Test
  void endlessErrorsAreCutOff() throws IOException {
    RawServer server =
        new RawServer(out -> {
          out.write("HTTP/1.1 403 No\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          for (int i = 0; i < 1_000_000; i++) {
            out.write(new byte[1000]);
          }
        });
    assertEquals(403, create(server, LIMITS).code());
  }

  @Test
  void redirectsAreNotFollowed() throws IOException {
    String text =
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    assertEquals(302, create(RawServer.saying(text), LIMITS).code());
  }

  @Test
  void slowAnswersEndInTime() throws IOException {
    RawServer drip =
        new RawServer(out -> {
          say(out, JSON + "\r\n{\"a\":\"");
          for (int i = 0; i < 10_000; i++) {
            say(out, "x");
            Thread.sleep(20);
          }
        });
    KubeException failure = create(drip, LIMITS.withRequest(Duration.ofMillis(300)));
    assertEquals(0, failure.code());
    assertTrue(message(failure).contains("longer than PT0.3S"), message(failure));
  }

  @Test
  void silentServersEndInTime() throws IOException {
    KubeException failure =
        create(
            new RawServer(out -> Thread.sleep(60_000)), LIMITS.withRequest(Duration.ofMillis(300)));
    assertEquals(0, failure.code());
    assertTrue(message(failure).contains("no answer within"), message(failure));
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// What a watch says in the end, when a server says this.
  private KubeException watch(RawServer.Script script, Limits limits) throws IOException {
    try (RawServer server =
            new RawServer(out -> {
              say(out, JSON + "\r\n");
              script.say(out);
            });
        HttpKubeApi api = client(server, limits);
        Watch watch = api.watch(Resource.PODS, "", ListOptions.ALL)) {
      return assertThrows(
          KubeException.class,
          () -> {
            while (true) {
              WatchEvent _ = watch.next(Duration.ofMillis(100));
            }
          });
    }
  }

  @Test
  void watchesEndByTheServersWord() throws IOException {
    KubeException failure =
        watch(
            out ->
                say(
                    out,
                    "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,"
                        + "\"reason\":\"Expired\",\"message\":\"too old\"}}\n"),
            LIMITS);
    assertTrue(failure.isGone());
    assertEquals("Expired", failure.reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rubbish\n", "{}\n", "{\"type\":\"ERROR\"}\n", "{\"type\":\"X\",\"object\":{}}\n"})
  void strangeEventsEndWatches(String line) throws IOException {
    assertEquals(0, watch(out -> say(out, line), LIMITS).code());
  }

  @Test
  void endlessEventsEndWatches() throws IOException {
    KubeException failure =
        watch(
            out -> {
              byte[] part = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
              for (int i = 0; i < 1_000_000; i++) {
                out.write(part);
              }
            },
            LIMITS);
    assertTrue(message(failure).contains("more than 65536 bytes"), message(failure));
  }

  @Test
  void silenceEndsWatches() throws IOException {
    KubeException failure =
        watch(out -> Thread.sleep(60_000), LIMITS.withSilence(Duration.ofMillis(300)));
    assertTrue(message(failure).contains("nothing came"), message(failure));
  }

  @Test
  void watchesThatAreRefusedSayWhy() throws IOException {
    String body = "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"you may not\"}";
    String text =
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (RawServer server = RawServer.saying(text);
        HttpKubeApi api = client(server, LIMITS)) {
      KubeException failure =
          assertThrows(KubeException.class, () -> api.watch(Resource.PODS, "", ListOptions.ALL));
      assertTrue(failure.isForbidden());
      assertTrue(message(failure).contains("you may not"), message(failure));
    }
  }

  @Test
  void eventsMayArriveInPieces() throws Exception {
    String name = "größe".repeat(20);
    byte[] line =
        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"%s\"}}}\n"
            .formatted(name)
            .getBytes(StandardCharsets.UTF_8);
    try (RawServer server =
            new RawServer(out -> {
              say(out, JSON + "\r\n");
              for (byte one : line) {
                out.write(one);
                out.flush();
              }
              Thread.sleep(60_000);
            });
        HttpKubeApi api = client(server, LIMITS);
        Watch watch = api.watch(Resource.PODS, "", ListOptions.ALL)) {
      WatchEvent event = watch.next(Duration.ofSeconds(30));
      assertNotNull(event);
      assertEquals(name, event.object().name());
    }
  }

  @Test
  void watchesTakeInNoMoreThanIsRead() throws Exception {
    AtomicLong said = new AtomicLong();
    String event = "{\"type\":\"ADDED\",\"object\":{\"x\":\"" + "y".repeat(10_000) + "\"}}\n";
    try (RawServer server =
            new RawServer(out -> {
              say(out, JSON + "\r\n");
              for (int i = 0; i < 10_000; i++) {
                say(out, event);
                said.addAndGet(event.length());
              }
            });
        HttpKubeApi api = client(server, LIMITS);
        Watch watch = api.watch(Resource.PODS, "", ListOptions.ALL)) {
      assertNotNull(watch.next(Duration.ofSeconds(30)));
      long before = -1;
      while (said.get() != before) {
        before = said.get();
        Thread.sleep(200);
      }
      assertTrue(before < 20_000_000, before + " bytes were taken in");
      for (int i = 1; i < 3000; i++) {
        assertNotNull(watch.next(Duration.ofSeconds(30)));
      }
    }
  }
}
