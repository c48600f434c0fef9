package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.blob.remote.HttpTransport;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
      Optional<S3Failure> reason = isMute(request, refusal) ? reason() : Optional.of(refusal);
      if (reason.isEmpty()) {
        // It has passed: credentials had run out, and there are new ones.
        return exchange(request, assumed);
      }
      String named = reason.get().region();
      if (named.isEmpty() || named.equals(assumed)) {
        throw reason.get();
      }
      region = named;
      return exchange(request, named);
    }
  }

  /// A refused `HEAD` has no body that could give a reason.
  private static boolean isMute(S3Request request, S3Failure refusal) {
    return switch (refusal.status()) {
      case 301, 307, 400, 403 -> request.method().equals("HEAD") && refusal.region().isEmpty();
      default -> false;
    };
  }

  /// Why requests are refused, by another question; empty if they are not any more.
  private Optional<S3Failure> reason() throws IOException {
    S3Request question = S3Request.of("GET", "");
    question.query().put("list-type", "2");
    question.query().put("max-keys", "1");
    try {
      exchange(question, region).close();
      return Optional.empty();
    } catch (S3Failure answer) {
      return Optional.of(answer);
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
