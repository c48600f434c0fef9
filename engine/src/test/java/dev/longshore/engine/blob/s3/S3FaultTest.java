package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.RetryingStore;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.testkit.FaultyS3;
import dev.longshore.engine.testkit.FaultyS3.Fault;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// What the store makes of servers that fail, refuse, stall and lack abilities.
@Timeout(60)
class S3FaultTest {
  private static final BlobId ID = new BlobId("p0");
  private static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMillis(500));

  @TempDir Path folder;
  private FaultyS3 server = newServer();

  private static FaultyS3 newServer() {
    try {
      return new FaultyS3();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.stallMillis(5_000);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private S3Options options() {
    return S3TestStores.options(server.address(), "bucket", "a/");
  }

  private BlobStore open() throws RepositoryException {
    return S3Store.open(options(), S3TestStores.environment(Optional.empty(), SHORT));
  }

  private static BlobStore patient(BlobStore store) {
    return new RetryingStore(
        store, RetryPolicy.DEFAULT, Clock.systemUTC(), new SplittableRandom(1), pause -> {});
  }

  private static void put(BlobStore store, BlobId id, byte[] bytes) throws RepositoryException {
    store.put(id, ByteBuffer.wrap(bytes), PutOptions.NONE);
  }

  @Test
  void goesOnThoughOneCallInTwentyFails() throws Exception {
    RandomGenerator random = Seeds.generator(7);
    Fault[] faults = {
      Fault.ERROR_500,
      Fault.SLOW_DOWN_503,
      Fault.TOO_MANY_429,
      Fault.RESET,
      Fault.ANSWER_LOST,
      Fault.TRUNCATED,
      Fault.STALL
    };
    AtomicInteger stalls = new AtomicInteger();
    server.plan((method, key, headers) -> {
      synchronized (random) {
        Fault fault = random.nextInt(20) == 0 ? faults[random.nextInt(faults.length)] : Fault.NONE;
        // Each stall takes the whole time limit.
        return fault == Fault.STALL && stalls.incrementAndGet() > 3 ? Fault.RESET : fault;
      }
    });
    int calls = 0;
    try (BlobStore store = patient(open())) {
      for (int i = 0; i < 100; i++) {
        BlobId id = new BlobId("p" + i);
        byte[] bytes = Seeds.bytes(Seeds.generator(i), 1 + i * 997);
        put(store, id, bytes);
        assertArrayEquals(bytes, store.get(id));
        assertArrayEquals(
            java.util.Arrays.copyOfRange(bytes, i, bytes.length),
            store.getRange(id, i, bytes.length - i));
        assertEquals(bytes.length, store.metadata(id).orElseThrow().lengthBytes());
        calls += 4;
      }
      List<BlobId> listed = new ArrayList<>();
      store.list("p", blob -> listed.add(blob.id()));
      assertEquals(100, listed.size());
      calls += 100 / FaultyS3.PAGE;
      for (int i = 0; i < 100; i++) {
        store.delete(new BlobId("p" + i));
        calls++;
      }
    }
    assertTrue(server.requests() > calls, "nothing failed");
    assertTrue(server.requests() <= calls * 1.2, server.requests() + " requests, ideal " + calls);
  }

  @Test
  void asksForNewCredentialsWhenTheOldHaveRunOut() throws Exception {
    AtomicInteger hour = new AtomicInteger();
    server.guard(exchange ->
        ("token" + hour.get()).equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"))
            ? ""
            : "400 ExpiredToken");
    AtomicInteger given = new AtomicInteger();
    AwsCredentialsProvider renewing =
        () -> AwsSessionCredentials.create("key", "secret", "token" + given.getAndSet(hour.get()));
    try (BlobStore store =
        patient(
            S3Store.open(
                options(),
                S3TestStores.environment(Optional.empty(), SHORT),
                S3Credentials.of(renewing)))) {
      for (int i = 0; i < 10; i++) {
        put(store, ID, new byte[i]);
        hour.incrementAndGet();
        assertEquals(i, store.get(ID).length);
      }
    }
  }

  @Test
  void plainCredentialsThatHaveRunOutAreTriedOnce() throws Exception {
    server.guard(exchange -> "400 ExpiredToken");
    try (BlobStore store = patient(open())) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.NEVER, fault.retry());
      assertEquals(1, server.requests());
    }
  }

  @Test
  void refusalsSayWhatAndWhereAndNoSecrets() throws Exception {
    server.guard(exchange -> "403 AccessDenied <AWSAccessKeyId>testtest</AWSAccessKeyId>");
    try (BlobStore store = open()) {
      StoreException fault = assertThrows(StoreException.class, () -> put(store, ID, new byte[1]));
      assertEquals(Retry.NEVER, fault.retry());
      String message = String.valueOf(fault.getMessage());
      assertTrue(message.contains("bucket answered 403 AccessDenied as planned"), message);
      assertFalse(message.contains("testtest"), message);
      assertFalse(options().toString().contains("testtest123"));
    }
    server.guard(exchange -> "404 NoSuchBucket");
    try (BlobStore store = open()) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertTrue(String.valueOf(fault.getMessage()).contains("no bucket"), fault.getMessage());
    }
  }

  @Test
  void waitsForNobodyForever() throws Exception {
    try (BlobStore store = open()) {
      put(store, ID, new byte[1]);
      server.plan((method, key, headers) -> Fault.STALL);
      assertEquals(Retry.BACKOFF, assertThrows(StoreException.class, () -> store.get(ID)).retry());
    }
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        BlobStore store =
            S3Store.open(
                S3TestStores.options("127.0.0.1:" + deaf.getLocalPort(), "bucket", ""),
                new RemoteEnvironment(
                    Clock.systemUTC(),
                    new Retrier(
                        RetryPolicy.DEFAULT, Clock.systemUTC(), new SplittableRandom(1), p -> {}),
                    Optional.empty(),
                    new Timeouts(
                        Duration.ofSeconds(1), Duration.ofSeconds(50), Duration.ofMillis(300))))) {
      // The question for storage classes is answered, the put is not even taken.
      Thread.ofVirtual()
          .start(() -> {
            try (var first = deaf.accept()) {
              first.getInputStream().read();
              first
                  .getOutputStream()
                  .write(
                      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                          .getBytes(StandardCharsets.US_ASCII));
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      StoreException fault =
          assertThrows(StoreException.class, () -> put(store, ID, new byte[32 << 20]));
      assertEquals(Retry.BACKOFF, fault.retry());
    }
  }

  @Test
  void findsTheRegionWhateverItAsksFirst() throws Exception {
    server.guard(exchange ->
        exchange.getRequestHeaders().getFirst("Authorization").contains("/eu-south-7/s3/")
            ? ""
            : "400 AuthorizationHeaderMalformed <Region>eu-south-7</Region>");
    try (BlobStore store = open()) {
      assertTrue(store.metadata(ID).isEmpty());
      int found = server.requests();
      assertTrue(found <= 3);
      put(store, ID, new byte[1]);
      assertEquals(found + 2, server.requests()); // with the question for storage classes
    }
    try (BlobStore store = open()) {
      assertEquals(1, store.get(ID).length);
    }
  }

  @Test
  void followsTheServersClock() throws Exception {
    server.guard(exchange -> {
      String date = exchange.getRequestHeaders().getFirst("X-Amz-Date");
      String now =
          java.time.format.DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm")
              .withZone(java.time.ZoneOffset.UTC)
              .format(Instant.now());
      return date.substring(0, 11).equals(now.substring(0, 11)) ? "" : "403 RequestTimeTooSkewed";
    });
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(-30));
    RemoteEnvironment environment =
        new RemoteEnvironment(
            wrong,
            new Retrier(RetryPolicy.DEFAULT, wrong, new SplittableRandom(1), p -> {}),
            Optional.empty(),
            SHORT);
    try (BlobStore store = patient(S3Store.open(options(), environment))) {
      put(store, ID, new byte[1]);
    }
  }

  @Test
  void putsWithClassLockEncryptionAndChecksums() throws Exception {
    server.put(
        "a/.storageconfig",
        "{\"blobOptions\":[{\"prefix\":\"p\",\"storageClass\":\"GLACIER_IR\"},{\"storageClass\":\"STANDARD_IA\"}]}"
            .getBytes(StandardCharsets.UTF_8));
    S3Options encrypted =
        new S3Options(
            "bucket",
            "a/",
            options().endpoint(),
            options().credentials(),
            new S3Options.Encryption("aws:kms", "key-1"),
            options().limits(),
            "");
    byte[] bytes = Seeds.bytes(Seeds.generator(3), 300_001);
    RemoteEnvironment environment = S3TestStores.environment(Optional.of(folder), SHORT);
    try (BlobStore store = S3Store.open(encrypted, environment)) {
      BlobRetention retention = new BlobRetention("COMPLIANCE", Duration.ofDays(3));
      try (BlobDraft draft =
          store.draft(ID, bytes.length, new PutOptions(Optional.of(retention), false))) {
        draft.write(0, ByteBuffer.wrap(bytes));
        draft.publish(bytes.length);
      }
      put(store, new BlobId("q1"), new byte[1]);
      List<String> listed = new ArrayList<>();
      store.list("", blob -> listed.add(blob.id().value()));
      assertEquals(List.of("p0", "q1"), listed);
    }
    assertEquals("GLACIER_IR", server.header("a/p0", "x-amz-storage-class"));
    assertEquals("STANDARD_IA", server.header("a/q1", "x-amz-storage-class"));
    assertEquals("aws:kms", server.header("a/p0", "x-amz-server-side-encryption"));
    assertEquals("key-1", server.header("a/p0", "x-amz-server-side-encryption-aws-kms-key-id"));
    assertEquals("application/x-kopia", server.header("a/p0", "content-type"));
    assertEquals("COMPLIANCE", server.header("a/p0", "x-amz-object-lock-mode"));
    Instant until = Instant.parse(server.header("a/p0", "x-amz-object-lock-retain-until-date"));
    assertTrue(until.isAfter(Instant.now().plus(Duration.ofHours(71))));
    assertEquals(
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes)),
        server.header("a/p0", "content-md5"));
    assertEquals("", server.header("a/q1", "content-md5"));
    assertEquals("", server.header("a/q1", "x-amz-object-lock-mode"));
    // The CRC-32C of one zero byte, by the RFC's polynomial.
    assertEquals("Un1TUQ==", server.header("a/q1", "x-amz-checksum-crc32c"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void doesWithoutChecksumsAndConditions() throws Exception {
    server.plan((method, key, headers) ->
        headers.containsKey("X-amz-checksum-crc32c") || headers.containsKey("If-None-Match")
            ? Fault.NOT_IMPLEMENTED_501
            : Fault.NONE);
    PutOptions absent = new PutOptions(Optional.empty(), true);
    try (BlobStore store = open()) {
      store.put(ID, ByteBuffer.wrap(new byte[1]), absent);
      assertThrows(StoreException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[2]), absent));
      assertEquals(1, store.get(ID).length);
      int before = server.requests();
      put(store, ID, new byte[3]);
      assertEquals(before + 1, server.requests());
    }
  }

  @Test
  void aBucketWithoutLocksIsNoPlaceForThem() throws Exception {
    server.plan((method, key, headers) ->
        headers.containsKey("X-amz-object-lock-mode") ? Fault.NOT_IMPLEMENTED_501 : Fault.NONE);
    BlobRetention retention = new BlobRetention("COMPLIANCE", Duration.ofDays(3));
    try (BlobStore store = open()) {
      assertThrows(
          UnsupportedException.class,
          () ->
              store.put(
                  ID, ByteBuffer.wrap(new byte[1]), new PutOptions(Optional.of(retention), false)));
    }
  }

  @Test
  void pagesAreTriedAgainAndNoNameComesTwice() throws Exception {
    IntStream.range(0, 35).forEach(i -> server.put("a/p" + (100 + i), new byte[i]));
    server.put("a/b/p1", new byte[1]);
    server.put("p1", new byte[1]);
    AtomicInteger lists = new AtomicInteger();
    server.plan((method, key, headers) ->
        lists.incrementAndGet() % 2 == 0 ? Fault.SLOW_DOWN_503 : Fault.NONE);
    try (BlobStore store = open()) {
      List<String> names = new ArrayList<>();
      store.list("p", blob -> names.add(blob.id().value()));
      assertEquals(IntStream.range(100, 135).mapToObj(i -> "p" + i).toList(), names);
    }
  }

  @Test
  void missingBlobsAreNotFoundAndNotAskedForAgain() throws Exception {
    try (BlobStore store = patient(open())) {
      assertThrows(NotFoundException.class, () -> store.get(ID));
      assertEquals(1, server.requests());
    }
  }

  @Test
  void refusesPlacesThatAreNone() {
    for (String host : List.of("", "http://host", "host/path", "u@host", "host?x", "ho st")) {
      assertThrows(
          StoreException.class,
          () ->
              S3Store.open(
                  S3TestStores.options(host, "bucket", ""),
                  S3TestStores.environment(Optional.empty())),
          host);
    }
    for (String bucket : List.of("", "a/b", "../x", "a b")) {
      assertThrows(
          StoreException.class,
          () ->
              S3Store.open(
                  S3TestStores.options("127.0.0.1:1", bucket, ""),
                  S3TestStores.environment(Optional.empty())),
          bucket);
    }
  }
}
