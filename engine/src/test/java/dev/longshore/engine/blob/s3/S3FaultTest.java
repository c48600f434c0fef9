package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.RemoteFaultContract;
import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.remote.DraftSpace;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FaultyS3;
import dev.longshore.engine.testkit.FaultyServer.Fault;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class S3FaultTest extends RemoteFaultContract<FaultyS3> {
  @Override
  protected FaultyS3 newServer() throws IOException {
    return new FaultyS3();
  }

  private S3Options options() {
    return S3TestStores.options(server().address(), "bucket", PREFIX);
  }

  @Override
  protected BlobStore open(Optional<Path> drafts) throws RepositoryException {
    return S3Store.open(options(), S3TestStores.environment(drafts, SHORT));
  }

  @Test
  void listsNothingOfOtherPrefixesAndNoFolders() throws Exception {
    for (String key : List.of("a/p1", "a/b/p1", "p1")) {
      server().put(key, new byte[1]);
    }
    try (BlobStore store = open()) {
      List<String> names = new ArrayList<>();
      store.list("", blob -> names.add(blob.id().value()));
      assertEquals(List.of("p1"), names);
    }
  }

  @Test
  void asksForNewCredentialsWhenTheOldHaveRunOut() throws Exception {
    AtomicInteger hour = new AtomicInteger();
    server()
        .guard(exchange ->
            ("token" + hour.get())
                    .equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"))
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
        hour.incrementAndGet();
        assertTrue(store.metadata(ID).isPresent(), "whose refusal has no reason with it");
      }
    }
  }

  @Test
  void plainCredentialsThatHaveRunOutAreTriedOnce() throws Exception {
    server().guard(exchange -> "400 ExpiredToken");
    try (BlobStore store = patient(open())) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertEquals(Retry.NEVER, fault.retry());
      assertEquals(1, server().requests());
    }
  }

  @Test
  void refusalsSayWhatAndWhereAndNoSecrets() throws Exception {
    server().guard(exchange -> "403 AccessDenied <AWSAccessKeyId>testtest</AWSAccessKeyId>");
    try (BlobStore store = open()) {
      StoreException fault = assertThrows(StoreException.class, () -> put(store, ID, new byte[1]));
      assertEquals(Retry.NEVER, fault.retry());
      String message = String.valueOf(fault.getMessage());
      assertTrue(message.contains("bucket answered 403 AccessDenied as planned"), message);
      assertFalse(message.contains("testtest"), message);
      assertFalse(options().toString().contains("testtest123"));
    }
    server().guard(exchange -> "404 NoSuchBucket");
    try (BlobStore store = open()) {
      StoreException fault = assertThrows(StoreException.class, () -> store.get(ID));
      assertTrue(String.valueOf(fault.getMessage()).contains("no bucket"), fault.getMessage());
    }
  }

  @Test
  void waitsForNobodyWhoDoesNotTakeWhatIsPut() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        BlobStore store =
            S3Store.open(
                S3TestStores.options("127.0.0.1:" + deaf.getLocalPort(), "bucket", ""),
                new RemoteEnvironment(
                    Clock.systemUTC(),
                    new Retrier(
                        RetryPolicy.DEFAULT, Clock.systemUTC(), new SplittableRandom(1), p -> {}),
                    new DraftSpace(Optional.empty(), 0),
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
    server()
        .guard(exchange ->
            exchange.getRequestHeaders().getFirst("Authorization").contains("/eu-south-7/s3/")
                ? ""
                : "400 AuthorizationHeaderMalformed <Region>eu-south-7</Region>");
    try (BlobStore store = open()) {
      assertTrue(store.metadata(ID).isEmpty());
      int found = server().requests();
      assertTrue(found <= 3);
      put(store, ID, new byte[1]);
      assertEquals(found + 2, server().requests()); // with the question for storage classes
    }
    try (BlobStore store = open()) {
      assertEquals(1, store.get(ID).length);
    }
  }

  @Test
  void followsTheServersClock() throws Exception {
    server()
        .guard(exchange -> {
          String date = exchange.getRequestHeaders().getFirst("X-Amz-Date");
          String now =
              java.time.format.DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm")
                  .withZone(java.time.ZoneOffset.UTC)
                  .format(Instant.now());
          return date.substring(0, 11).equals(now.substring(0, 11))
              ? ""
              : "403 RequestTimeTooSkewed";
        });
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(-30));
    RemoteEnvironment environment =
        new RemoteEnvironment(
            wrong,
            new Retrier(RetryPolicy.DEFAULT, wrong, new SplittableRandom(1), p -> {}),
            new DraftSpace(Optional.empty(), 0),
            SHORT);
    try (BlobStore store = patient(S3Store.open(options(), environment))) {
      put(store, ID, new byte[1]);
    }
  }

  @Test
  void putsWithClassLockEncryptionAndChecksums() throws Exception {
    server()
        .put(
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
    assertEquals("GLACIER_IR", server().header("a/p0", "x-amz-storage-class"));
    assertEquals("STANDARD_IA", server().header("a/q1", "x-amz-storage-class"));
    assertEquals("aws:kms", server().header("a/p0", "x-amz-server-side-encryption"));
    assertEquals("key-1", server().header("a/p0", "x-amz-server-side-encryption-aws-kms-key-id"));
    assertEquals("application/x-kopia", server().header("a/p0", "content-type"));
    assertEquals("COMPLIANCE", server().header("a/p0", "x-amz-object-lock-mode"));
    Instant until = Instant.parse(server().header("a/p0", "x-amz-object-lock-retain-until-date"));
    assertTrue(until.isAfter(Instant.now().plus(Duration.ofHours(71))));
    assertEquals(
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes)),
        server().header("a/p0", "content-md5"));
    assertEquals("", server().header("a/q1", "content-md5"));
    assertEquals("", server().header("a/q1", "x-amz-object-lock-mode"));
    // The CRC-32C of one zero byte, by the RFC's polynomial.
    assertEquals("Un1TUQ==", server().header("a/q1", "x-amz-checksum-crc32c"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void doesWithoutChecksumsAndConditions() throws Exception {
    server()
        .plan((method, key, headers) ->
            headers.containsKey("X-amz-checksum-crc32c") || headers.containsKey("If-None-Match")
                ? Fault.NOT_IMPLEMENTED_501
                : Fault.NONE);
    PutOptions absent = new PutOptions(Optional.empty(), true);
    try (BlobStore store = open()) {
      store.put(ID, ByteBuffer.wrap(new byte[1]), absent);
      assertThrows(StoreException.class, () -> store.put(ID, ByteBuffer.wrap(new byte[2]), absent));
      assertEquals(1, store.get(ID).length);
      int before = server().requests();
      put(store, ID, new byte[3]);
      assertEquals(before + 1, server().requests());
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
