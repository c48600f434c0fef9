package dev.longshore.cbt;

import static dev.longshore.cbt.MetadataAnswer.message;
import static dev.longshore.cbt.MetadataAnswer.whole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.testkit.SelfSigned;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcCallsTest {
  private static final Duration SILENCE = Duration.ofSeconds(20);
  private static final MetadataQuery QUERY = new MetadataQuery.Allocated("velero", "snap");

  @TempDir private static Path folder;
  private static SelfSigned identity;

  @BeforeAll
  static void make() throws Exception {
    identity = SelfSigned.make(folder, "dns:localhost");
  }

  @Test
  void asksBothQuestionsAndHearsTheWholeAnswer() throws Exception {
    List<MetadataResponder.Asked> asked = Collections.synchronizedList(new ArrayList<>());
    List<MetadataMessage> messages = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      messages.add(message(1 << 30, new Extent(i << 20, 5), new Extent((i << 20) + 99, 1)));
    }
    MetadataResponder service =
        question -> {
          asked.add(question);
          return whole(messages);
        };
    MetadataQuery delta = new MetadataQuery.Delta("velero", "handle-1", "snap");
    try (MetadataServer server = new MetadataServer(identity, service);
        GrpcCalls calls = GrpcCalls.to(server.address("a"), SILENCE, () -> false)) {
      for (MetadataQuery query : List.of(QUERY, delta)) {
        try (MetadataStream stream = calls.open(query, "secret", 77)) {
          for (MetadataMessage expected : messages) {
            assertEquals(expected, stream.next());
          }
          assertNull(stream.next());
        }
      }
    }
    assertEquals(
        List.of(
            new MetadataResponder.Asked(QUERY, "secret", 77),
            new MetadataResponder.Asked(delta, "secret", 77)),
        asked);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void tellsEachCodeByItsName(Status.Code code) throws Exception {
    MetadataResponder service =
        _ ->
            new MetadataAnswer(
                List.of(message(100, new Extent(0, 1))), code.name(), "key not found");
    try (MetadataServer server = new MetadataServer(identity, service);
        GrpcCalls calls = GrpcCalls.to(server.address("a"), SILENCE, () -> false);
        MetadataStream stream = calls.open(QUERY, "t", 0)) {
      assertEquals(message(100, new Extent(0, 1)), stream.next());
      MetadataException failure = assertThrows(MetadataException.class, stream::next);
      assertEquals(code.name(), failure.code());
      assertEquals("key not found", failure.getMessage());
    }
  }

  private static MetadataException refusal(MetadataService service) throws Exception {
    try (GrpcCalls calls = GrpcCalls.to(service, SILENCE, () -> false);
        MetadataStream stream = calls.open(QUERY, "t", 0)) {
      return assertThrows(MetadataException.class, stream::next);
    }
  }

  @Test
  void trustsNobodyButTheServicesOwnAuthority(@TempDir Path other) throws Exception {
    SelfSigned stranger = SelfSigned.make(other, "dns:localhost");
    AtomicInteger asked = new AtomicInteger();
    MetadataResponder service =
        _ -> {
          asked.incrementAndGet();
          return whole(List.of());
        };
    try (MetadataServer server = new MetadataServer(stranger, service)) {
      String authority = Files.readString(identity.certificate());
      MetadataException refused =
          refusal(new MetadataService("localhost:" + server.port(), "a", authority));
      assertEquals("UNAVAILABLE", refused.code());
      assertTrue(String.valueOf(refused.getMessage()).contains("PKIX"), refused::toString);
      MetadataException elsewhere =
          refusal(
              new MetadataService(
                  "127.0.0.1:" + server.port(), "a", Files.readString(stranger.certificate())));
      assertEquals("UNAVAILABLE", elsewhere.code());
      assertTrue(String.valueOf(elsewhere.getMessage()).contains("127.0.0.1"), elsewhere::toString);
    }
    assertEquals(0, asked.get(), "a token was shown to a stranger");
  }

  @Test
  void aCertificateThatIsNoneIsToldBeforeAnythingIsSent() {
    MetadataService service = new MetadataService("localhost:1", "a", "no certificate");
    assertEquals(
        MetadataException.INVALID,
        assertThrows(MetadataException.class, () -> GrpcCalls.to(service, SILENCE, () -> false))
            .code());
  }

  @Test
  void nobodyThereIsUnavailable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String authority = Files.readString(identity.certificate());
    assertEquals(
        "UNAVAILABLE", refusal(new MetadataService("localhost:" + port, "a", authority)).code());
  }

  @Test
  void waitsNoLongerForAServiceThatIsSilentOrWhenItIsCancelled() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    MetadataResponder service =
        _ -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return whole(List.of());
        };
    try (MetadataServer server = new MetadataServer(identity, service)) {
      Duration brief = Duration.ofMillis(400);
      try (GrpcCalls calls = GrpcCalls.to(server.address("a"), brief, () -> false);
          MetadataStream stream = calls.open(QUERY, "t", 0)) {
        assertEquals(
            "DEADLINE_EXCEEDED", assertThrows(MetadataException.class, stream::next).code());
      }
      try (GrpcCalls calls = GrpcCalls.to(server.address("a"), SILENCE, () -> true);
          MetadataStream stream = calls.open(QUERY, "t", 0)) {
        assertEquals("CANCELLED", assertThrows(MetadataException.class, stream::next).code());
      }
      end.countDown();
    }
  }

  /// A connection that breaks in the middle, wherever that is, costs another call and no block.
  @Test
  void aConnectionThatBreaksIsTakenUpWhereItWas() throws Exception {
    List<MetadataMessage> messages = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      messages.add(message(1L << 40, new Extent((long) i << 30, 4096)));
    }
    MetadataResponder service =
        asked ->
            whole(
                messages.stream()
                    .filter(one -> one.extents().getFirst().offset() >= asked.startingOffset())
                    .toList());
    VirtualTime time = new VirtualTime();
    try (MetadataServer server = new MetadataServer(identity, service);
        Cutter cutter = new Cutter(server.port(), 6000)) {
      MetadataService through =
          new MetadataService(
              "localhost:" + cutter.port(), "a", Files.readString(identity.certificate()));
      try (GrpcCalls calls = GrpcCalls.to(through, SILENCE, () -> false)) {
        List<Extent> marked = new ArrayList<>();
        SnapshotMetadata.Read read =
            new SnapshotMetadata(
                    calls, new ServiceAccountTokensTest.Fixed("t"), time.pace(1), () -> false)
                .read(QUERY, 1L << 40, (at, length) -> marked.add(new Extent(at, length)));
        assertEquals(400, marked.size());
        assertTrue(read.calls() > 1, "it was not cut");
      }
    }
  }

  /// Passes connections on, and cuts each when so many bytes have come back.
  private static final class Cutter implements AutoCloseable {
    private final ServerSocket front = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean closed = new AtomicBoolean();

    Cutter(int port, int bytes) throws IOException {
      Future<?> _ = threads.submit(() -> accept(port, bytes));
    }

    int port() {
      return front.getLocalPort();
    }

    private void accept(int port, int bytes) {
      while (!closed.get()) {
        try {
          Socket client = front.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
          Future<?> _ = threads.submit(() -> pass(client, server, Integer.MAX_VALUE));
          Future<?> _ = threads.submit(() -> pass(server, client, bytes));
        } catch (IOException e) {
          return;
        }
      }
    }

    private static void pass(Socket from, Socket to, int most) {
      try (from;
          to) {
        byte[] buffer = new byte[512];
        int left = most;
        while (left > 0) {
          int n = from.getInputStream().read(buffer, 0, Math.min(left, buffer.length));
          if (n < 0) {
            return;
          }
          to.getOutputStream().write(buffer, 0, n);
          left -= n;
        }
      } catch (IOException e) {
        // the other side is gone
      }
    }

    @Override
    public void close() throws IOException {
      closed.set(true);
      front.close();
      threads.shutdownNow();
    }
  }
}
