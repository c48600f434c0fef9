package dev.longshore.cbt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.server.ApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceAccountTokensTest {
  private static final String MOVER = ApiServer.serviceAccount("velero", "longshore-mover");

  private final VirtualTime time = new VirtualTime();
  private final ApiServer server = new ApiServer(time, new Random(1));

  /// One that never changes.
  record Fixed(String token) implements TokenSource {
    @Override
    public void discard() {}
  }

  private TokenSource tokens(KubeApi api) {
    return new ServiceAccountTokens(api, "velero", "longshore-mover", "backup", time);
  }

  @Test
  void aTokenIsTheAccountsForOneAudience() throws Exception {
    String token = tokens(server).token();
    assertEquals(Optional.of(MOVER), server.tokens().review(token, "backup"));
    assertEquals(Optional.empty(), server.tokens().review(token, "other"));
  }

  @Test
  void isRenewedBeforeItExpiresAndWhenItWasRefused() throws Exception {
    TokenSource tokens = tokens(server);
    String first = tokens.token();
    time.pass(Duration.ofMinutes(7));
    assertEquals(first, tokens.token());
    time.pass(Duration.ofMinutes(1));
    String second = tokens.token();
    assertNotEquals(first, second);
    assertEquals(Optional.of(MOVER), server.tokens().review(second, "backup"));
    tokens.discard();
    assertNotEquals(second, tokens.token());
    assertEquals(3, server.tokens().count());
  }

  @Test
  void whoMayNotHasNone() throws Exception {
    KubeApi mover = server.asUser(MOVER);
    TokenSource tokens = tokens(mover);
    MetadataException refused = assertThrows(MetadataException.class, tokens::token);
    assertEquals(MetadataException.NO_TOKEN, refused.code());
    server
        .access()
        .grant(
            MOVER,
            "velero",
            List.of(
                Json.Obj.EMPTY
                    .with("apiGroups", Json.Arr.ofStrings(List.of("")))
                    .with("resources", Json.Arr.ofStrings(List.of("serviceaccounts/token")))
                    .with("resourceNames", Json.Arr.ofStrings(List.of("longshore-mover")))
                    .with("verbs", Json.Arr.ofStrings(List.of("create")))));
    assertEquals(Optional.of(MOVER), server.tokens().review(tokens.token(), "backup"));
    assertThrows(
        MetadataException.class,
        () -> new ServiceAccountTokens(mover, "velero", "other", "backup", time).token());
  }
}
