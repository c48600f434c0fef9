package dev.longshore.mover.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.azure.AzureOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.s3.S3Options;
import dev.longshore.format.error.CorruptException;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.task.StorageLocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationReaderTest {
  private static final String KEYS =
      """
      # a comment
      [default]
      aws_access_key_id = AKIADEFAULT
      aws_secret_access_key=secret/default+1=   ; not part of it
      [profile other]
      AWS_ACCESS_KEY_ID=AKIAOTHER
      aws_secret_access_key=secret#other
      aws_session_token=token
      """;

  @TempDir Path temp;

  private static StoreSettings settings(
      String provider, String prefix, Map<String, String> config, String credentials)
      throws MoverFailure {
    return settings(provider, prefix, config, credentials, Map.of());
  }

  private static StoreSettings settings(
      String provider,
      String prefix,
      Map<String, String> config,
      String credentials,
      Map<String, String> environment)
      throws MoverFailure {
    return LocationReader.settings(
        new StorageLocation("default", provider, "/backups/", prefix, config, "", false),
        new LocationReader.Access("shop", credentials, "", environment));
  }

  private static S3Options s3(Map<String, String> config, String credentials)
      throws MoverFailure, CorruptException {
    StoreSettings settings = settings("aws", "/cluster-a/", config, credentials);
    assertEquals("s3", settings.type());
    return S3Options.parse(settings.configJson().getBytes(StandardCharsets.UTF_8));
  }

  private static AzureOptions azure(Map<String, String> config, String credentials)
      throws MoverFailure, CorruptException {
    StoreSettings settings = settings("velero.io/azure", "", config, credentials);
    assertEquals("azureBlob", settings.type());
    return AzureOptions.parse(settings.configJson().getBytes(StandardCharsets.UTF_8));
  }

  private static String refused(Map<String, String> config, String provider, String credentials) {
    MoverFailure failure =
        assertThrows(MoverFailure.class, () -> settings(provider, "", config, credentials));
    assertEquals(Reasons.BAD_LOCATION, failure.reason());
    assertFalse(failure.retriable());
    assertFalse(
        failure.message().replace("aws_secret_access_key", "").contains("secret"),
        failure.message());
    return failure.message();
  }

  @Test
  void findsAmazonByItsRegion() throws Exception {
    S3Options options = s3(Map.of("region", "eu-central-1"), KEYS);

    assertEquals("backups", options.bucket());
    assertEquals("cluster-a/kopia/shop/", options.prefix());
    assertEquals("s3.eu-central-1.amazonaws.com", options.endpoint().host());
    assertEquals("eu-central-1", options.endpoint().region());
    assertFalse(options.endpoint().disableTls());
    assertEquals("AKIADEFAULT", options.credentials().accessKeyId());
    assertEquals("secret/default+1=", options.credentials().secretAccessKey());
  }

  @Test
  void leavesTheRegionToBeFoundOut() throws Exception {
    S3Options options = s3(Map.of(), KEYS);

    assertEquals(S3Options.DEFAULT_HOST, options.endpoint().host());
    assertEquals("", options.endpoint().region());
  }

  @Test
  void takesAnotherServer() throws Exception {
    S3Options options =
        s3(
            Map.of(
                "s3Url", "http://minio.example:9000/",
                "s3ForcePathStyle", "true",
                "region", "minio",
                "profile", "other",
                "insecureSkipTLSVerify", "true"),
            KEYS);

    assertEquals("minio.example:9000", options.endpoint().host());
    assertTrue(options.endpoint().disableTls());
    assertTrue(options.endpoint().disableVerification());
    assertEquals("minio", options.endpoint().region());
    assertEquals("AKIAOTHER", options.credentials().accessKeyId());
    assertEquals("secret#other", options.credentials().secretAccessKey());
    assertEquals("token", options.credentials().sessionToken());
  }

  @Test
  void trustsTheCaOfTheLocation() throws Exception {
    StoreSettings settings =
        LocationReader.settings(
            new StorageLocation("default", "aws", "b", "", Map.of(), "", false),
            new LocationReader.Access("shop", "", "-----BEGIN CERTIFICATE-----", Map.of()));

    S3Options options = S3Options.parse(settings.configJson().getBytes(StandardCharsets.UTF_8));
    assertEquals("-----BEGIN CERTIFICATE-----", options.endpoint().rootCaPem().text());
    assertEquals("kopia/shop/", options.prefix());
  }

  @Test
  void refusesUrlsThatNameMoreThanAServer() {
    for (String url : new String[] {"https://h/bucket", "ftp://h", "https://u:secret@h", "://"}) {
      String message = refused(Map.of("s3Url", url), "aws", KEYS);
      assertTrue(message.contains("s3Url"), message);
    }
  }

  @Test
  void takesAnyProviderThatHasAServerForS3() throws Exception {
    assertEquals(
        "s3", settings("example.com/store", "", Map.of("s3Url", "https://s"), KEYS).type());
    assertTrue(refused(Map.of(), "example.com/store", KEYS).contains("example.com/store"));
  }

  @Test
  void encryptsAsTheLocationSays() throws Exception {
    assertEquals(
        new S3Options.Encryption("aws:kms", "alias/key"),
        s3(Map.of("kmsKeyId", "alias/key"), KEYS).encryption());
    assertEquals(
        new S3Options.Encryption("AES256", ""),
        s3(Map.of("serverSideEncryption", "AES256"), KEYS).encryption());
  }

  @Test
  void leavesCredentialsToBeFoundWhereThereIsNoFile() throws Exception {
    assertEquals(S3Options.Credentials.FOUND, s3(Map.of(), "\n").credentials());
    assertEquals("ops", s3(Map.of("profile", "ops"), "").credentials().profile());
  }

  @Test
  void takesOnRoles() throws Exception {
    S3Options.Credentials assumed =
        s3(
                Map.of("profile", "role"),
                KEYS
                    + """
                    [role]
                    role_arn = arn:aws:iam::1:role/backup
                    source_profile = other
                    duration_seconds = 3600
                    """)
            .credentials();
    S3Options.Credentials web =
        s3(
                Map.of(),
                """
                [default]
                role_arn=arn:aws:iam::1:role/backup
                web_identity_token_file=/var/run/token
                """)
            .credentials();

    assertEquals("AKIAOTHER", assumed.accessKeyId());
    assertEquals("arn:aws:iam::1:role/backup", assumed.role().arn());
    assertEquals("3600s", assumed.role().duration());
    assertEquals("", web.accessKeyId());
    assertEquals("/var/run/token", web.role().webIdentityTokenFile());
  }

  @Test
  void saysWhatIsWrongWithProfiles() {
    assertTrue(refused(Map.of("profile", "gone"), "aws", KEYS).contains("[gone]"));
    assertTrue(refused(Map.of(), "aws", "[default]\nregion=x\n").contains("aws_access_key_id"));
    assertTrue(
        refused(Map.of(), "aws", "[default]\nrole_arn=a\nexternal_id=secret\n")
            .contains("external id"));
  }

  @Test
  void takesAzuresKeyFromTheVariableThatIsNamed() throws Exception {
    AzureOptions options =
        azure(
            Map.of("storageAccount", "acct", "storageAccountKeyEnvVar", "MY_KEY"),
            "export MY_KEY='a2V5 #1'\nAZURE_CLOUD_NAME=AzureChinaCloud # there\n");

    assertEquals("backups", options.container());
    assertEquals("kopia/shop/", options.prefix());
    assertEquals("acct", options.storageAccount());
    assertEquals("a2V5 #1", options.credentials().storageKey());
    assertEquals("blob.core.chinacloudapi.cn", options.storageDomain());
    assertTrue(
        refused(
                Map.of("storageAccount", "acct", "storageAccountKeyEnvVar", "MY_KEY"),
                "azure",
                "OTHER=secret")
            .contains("MY_KEY"));
  }

  @Test
  void takesAzuresApplications() throws Exception {
    Path pem = Files.writeString(temp.resolve("pem"), "-----BEGIN-----");
    AzureOptions secret =
        azure(
            Map.of("storageAccount", "acct", "useAAD", "true"),
            "AZURE_TENANT_ID=t\nAZURE_CLIENT_ID=\"c\"\nAZURE_CLIENT_SECRET=\"s\\\"x\"\n");
    AzureOptions certificate =
        azure(
            Map.of("storageAccount", "acct"),
            "AZURE_TENANT_ID=t\nAZURE_CLIENT_ID=c\nAZURE_CLIENT_CERTIFICATE_PATH=" + pem + "\n");

    assertEquals("s\"x", secret.credentials().clientSecret());
    assertEquals("c", secret.credentials().clientId());
    assertEquals("-----BEGIN-----", certificate.credentials().clientCertificate());
    assertTrue(
        refused(Map.of("storageAccount", "a"), "azure", "AZURE_CLIENT_SECRET=secret")
            .contains("AZURE_TENANT_ID"));
  }

  @Test
  void takesAzuresIdentityOfThePod() throws Exception {
    StoreSettings settings =
        settings(
            "azure",
            "",
            Map.of("storageAccount", "acct", "activeDirectoryAuthorityURI", "https://login/"),
            "",
            Map.of(
                "AZURE_FEDERATED_TOKEN_FILE", "/token",
                "AZURE_TENANT_ID", "t",
                "AZURE_CLIENT_ID", "c"));

    AzureOptions options =
        AzureOptions.parse(settings.configJson().getBytes(StandardCharsets.UTF_8));
    assertEquals("https://login/", settings.authority());
    assertEquals("/token", options.credentials().federatedTokenFile());
    assertEquals("t", options.credentials().tenantId());
    assertEquals("c", options.credentials().clientId());
  }

  @Test
  void findsAzuresAccountByItsUri() throws Exception {
    AzureOptions own =
        azure(
            Map.of("storageAccount", "acct", "storageAccountURI", "https://acct.blob.example"), "");
    AzureOptions emulator =
        azure(
            Map.of("storageAccount", "acct", "storageAccountURI", "http://127.0.0.1:10000/acct"),
            "");

    assertEquals("blob.example", own.storageDomain());
    assertEquals("127.0.0.1:10000", emulator.storageDomain());
    assertTrue(emulator.disableTls());
    assertTrue(
        refused(
                Map.of("storageAccount", "acct", "storageAccountURI", "https://other.example"),
                "azure",
                "")
            .contains("storageAccountURI"));
  }

  @Test
  void joinsTheFilesystemsPathWithThePrefix() throws Exception {
    StoreSettings settings = settings("velero.io/fs", "/a/b/", Map.of("fspath", "/data"), "");

    FilesystemOptions options =
        FilesystemOptions.parse(settings.configJson().getBytes(StandardCharsets.UTF_8));
    assertEquals(Path.of("/data/a/b/kopia/shop"), Path.of(options.path()));
    assertTrue(refused(Map.of("fspath", "data"), "fs", "").contains("fspath"));
  }

  @Test
  void saysThatGoogleIsNotThereYet() {
    assertTrue(refused(Map.of(), "velero.io/gcp", "{}").contains("not supported yet"));
  }

  @Test
  void refusesNamespacesThatLeadElsewhere() {
    StorageLocation location =
        new StorageLocation("default", "fs", "", "", Map.of("fspath", "/d"), "", false);
    for (String namespace : new String[] {"", "..", "a/b"}) {
      assertThrows(
          MoverFailure.class,
          () ->
              LocationReader.settings(
                  location, new LocationReader.Access(namespace, "", "", Map.of())));
    }
  }

  @Test
  void readsVariablesAsAShellWould() {
    Map<String, String> read =
        DotEnv.parse(
            """
            # nothing
            A=1
            export B = two words  # and a comment
            C: 'it''s'
            D="first
            second\\n\\"third\\""
            E=
            F=a#b
            G="x" # y
            H='$A'
            """);

    assertEquals("1", read.get("A"));
    assertEquals("two words", read.get("B"));
    assertEquals("first\nsecond\n\"third\"", read.get("D"));
    assertEquals("", read.get("E"));
    assertEquals("a#b", read.get("F"));
    assertEquals("x", read.get("G"));
    assertEquals("$A", read.get("H"));
  }

  @Test
  void keepsSecretsOutOfText() throws Exception {
    StoreSettings settings = settings("aws", "", Map.of(), KEYS);

    assertFalse(settings.toString().contains("secret"));
    assertFalse(
        new LocationReader.Access("shop", KEYS, "", Map.of()).toString().contains("secret"));
    assertFalse(ProfilesFile.parse(KEYS).toString().contains("secret"));
  }
}
