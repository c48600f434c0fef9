package dev.longshore.cbt;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Tokens of a service account for one audience, by TokenRequest. Kept until a fifth of their time
/// is left.
public final class ServiceAccountTokens implements TokenSource {
  /// The least that Kubernetes gives.
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final KubeApi api;
  private final String namespace;
  private final String account;
  private final String audience;
  private final InstantSource clock;
  private String token = "";
  private Instant renewal = Instant.MIN;

  public ServiceAccountTokens(
      KubeApi api, String namespace, String account, String audience, InstantSource clock) {
    this.api = api;
    this.namespace = namespace;
    this.account = account;
    this.audience = audience;
    this.clock = clock;
  }

  @Override
  public String token() throws MetadataException {
    Instant now = clock.instant();
    if (token.isEmpty() || !now.isBefore(renewal)) {
      KubeObject answer = request();
      token = answer.text("status", "token");
      if (token.isEmpty()) {
        throw new MetadataException(MetadataException.NO_TOKEN, "an answer without a token");
      }
      Duration life =
          answer
              .time("status", "expirationTimestamp")
              .map(end -> Duration.between(now, end))
              .orElse(LIFETIME);
      renewal = now.plus(life.multipliedBy(4).dividedBy(5));
    }
    return token;
  }

  private KubeObject request() throws MetadataException {
    Json.Obj spec =
        Json.Obj.EMPTY
            .with("audiences", Json.Arr.of(new Json.Str(audience)))
            .with("expirationSeconds", LIFETIME.toSeconds());
    KubeObject request =
        new KubeObject(
            Json.Obj.EMPTY
                .with("apiVersion", "authentication.k8s.io/v1")
                .with("kind", "TokenRequest")
                .with("spec", spec));
    try {
      return api.createToken(namespace, account, request);
    } catch (KubeException e) {
      throw new MetadataException(
          MetadataException.NO_TOKEN,
          "no token for service account %s/%s: %s".formatted(namespace, account, e.getMessage()));
    }
  }

  @Override
  public void discard() {
    token = "";
  }
}
