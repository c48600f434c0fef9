package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.blob.remote.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;

/// Sends signed requests to one bucket.
///
/// Where the bucket is need not be known: a request that was signed for the wrong region is told
/// so, and sent again for the right one, which is kept. So is the difference to the server's clock,
/// when it refuses ours. Thread-safe.
final class S3Client {
  private static final int FIRST_REFUSAL = 300;

  private final S3Target target;
  private final HttpTransport transport;
  private final S3Signer signer;
  private final Clock clock;
  private volatile String region;
  private volatile Duration skew = Duration.ZERO;

  /// @param region empty to find it out
  S3Client(S3Target target, String region, HttpTransport transport, S3Signer signer, Clock clock) {
    this.target = target;
    this.transport = transport;
    this.signer = signer;
    this.clock = clock;
    this.region = region.isEmpty() ? target.regionInHost().orElse(S3Target.DEFAULT_REGION) : region;
  }

  /// Sends a request; the reply is a success.
  ///
  /// @throws S3Failure if the server refuses
  /// @throws IOException if there is no answer
  HttpReply send(S3Request request) throws IOException {
    String assumed = region;
    try {
      return exchange(request, assumed);
    } catch (S3Failure refusal) {
      S3Failure reason = reason(request, refusal);
      if (reason.region().isEmpty() || reason.region().equals(assumed)) {
        throw reason;
      }
      region = reason.region();
      return exchange(request, reason.region());
    }
  }

  /// A refusal with its reason: as a refused `HEAD` has no body, another question is asked.
  private S3Failure reason(S3Request request, S3Failure refusal) throws IOException {
    boolean mute =
        switch (refusal.status()) {
          case 301, 307, 400, 403 -> request.method().equals("HEAD") && refusal.region().isEmpty();
          default -> false;
        };
    if (!mute) {
      return refusal;
    }
    S3Request question = S3Request.of("GET", "");
    question.query().put("list-type", "2");
    question.query().put("max-keys", "1");
    try {
      exchange(question, region).close();
      return refusal;
    } catch (S3Failure answer) {
      return answer;
    }
  }

  private HttpReply exchange(S3Request request, String inRegion) throws IOException {
    S3Target place = target.in(inRegion);
    URI uri = place.uri(place.path(request.key()), request.query());
    Map<String, String> headers = signer.sign(request, uri, inRegion, Clock.offset(clock, skew));
    HttpReply reply = transport.send(request.method(), uri, headers, request.body());
    if (reply.status() < FIRST_REFUSAL) {
      return reply;
    }
    try (reply) {
      String regionHeader = reply.header("x-amz-bucket-region");
      S3Failure refusal =
          S3Xml.failure(
              reply.status(), reply.errorBody(), regionHeader == null ? "" : regionHeader);
      if (refusal.code().equals("RequestTimeTooSkewed")) {
        learnTime(reply);
      }
      throw refusal;
    }
  }

  private void learnTime(HttpReply reply) {
    String date = reply.header("Date");
    if (date != null) {
      try {
        skew = Duration.between(clock.instant(), HttpReply.httpTime(date));
      } catch (DateTimeException e) {
        skew = Duration.ZERO; // no time after all
      }
    }
  }
}
