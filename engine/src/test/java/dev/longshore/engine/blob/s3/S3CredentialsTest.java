package dev.longshore.engine.blob.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// Profiles that the SDK cannot use are refused in words, and not with an internal error.
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class S3CredentialsTest {
  private final Properties before = (Properties) System.getProperties().clone();

  @TempDir Path folder;

  @AfterEach
  void restoreProperties() {
    System.setProperties(before);
  }

  private StoreException refusal(String config) throws IOException {
    System.setProperty(
        "aws.configFile", Files.writeString(folder.resolve("config"), config).toString());
    System.setProperty(
        "aws.sharedCredentialsFile", Files.writeString(folder.resolve("keys"), "").toString());
    S3Options.Credentials options =
        new S3Options.Credentials("", "", "", "desk", S3Options.Role.NONE);
    try (S3Credentials credentials = S3Credentials.of(options)) {
      var signer = new S3Signer(credentials.provider());
      return assertThrows(
          StoreException.class,
          () ->
              signer.sign(
                  S3Request.of("GET", "key"),
                  URI.create("http://localhost/bucket/key"),
                  "us-east-1",
                  Clock.systemUTC()));
    }
  }

  @Test
  void whoSignsInByABrowserIsToldHowToGetKeys() throws Exception {
    StoreException refusal =
        refusal(
            """
            [profile desk]
            sso_session = work
            sso_account_id = 123456789012
            sso_role_name = backup
            [sso-session work]
            sso_region = eu-central-1
            sso_start_url = https://work.example.com/start
            """);
    assertEquals(Retry.NEVER, refusal.retry());
    String said = String.valueOf(refusal.getMessage());
    assertTrue(said.contains("export-credentials"), said);
  }

  @Test
  void aProfileThatIsNotThereIsNamed() throws Exception {
    StoreException refusal = refusal("[profile other]\nregion = eu-central-1\n");
    assertEquals(Retry.NEVER, refusal.retry());
    String said = String.valueOf(refusal.getMessage());
    assertTrue(said.contains("desk"), said);
    assertFalse(said.contains("export-credentials"), said);
  }
}
