package dev.longshore.mover.store;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.blob.azure.AzureOptions;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.task.StorageLocation;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A location of the provider `azure`.
///
/// | Key of `config` | Use |
/// |---|---|
/// | `storageAccount` | needed |
/// | `storageAccountKeyEnvVar` | which variable of the credentials has the account's key |
/// | `storageAccountSASTokenEnvVar` | which has a shared access signature |
/// | `storageAccountURI`, `storageAccountBlobEndpoint` | where the account is |
/// | `activeDirectoryAuthorityURI` | where tokens of Entra ID come from |
/// | `useAAD` | of no use: without key and signature it is always Entra ID |
///
/// Velero without `useAAD` asks Azure's management for the account's key first; this does not, so
/// that whoever the credentials are needs a role for the data.
final class AzureSettings {
  private final StorageLocation location;
  private final Map<String, String> variables;
  private final Map<String, String> environment;

  private AzureSettings(
      StorageLocation location, Map<String, String> variables, Map<String, String> environment) {
    this.location = location;
    this.variables = variables;
    this.environment = environment;
  }

  static StoreSettings of(StorageLocation location, LocationReader.Access access)
      throws MoverFailure {
    AzureSettings settings =
        new AzureSettings(location, DotEnv.parse(access.credentials()), access.environment());
    return settings.read(LocationReader.prefix(location, access), access.caPem());
  }

  private StoreSettings read(String prefix, String caPem) throws MoverFailure {
    String account = config("storageAccount");
    if (account.isEmpty()) {
      throw LocationReader.bad(
          "the storage location " + location.name() + " needs a storageAccount in its config");
    }
    Cloud cloud = Cloud.of(variables.getOrDefault("AZURE_CLOUD_NAME", ""));
    String uri = config("storageAccountURI");
    URI place = place(uri.isEmpty() ? config("storageAccountBlobEndpoint") : uri);
    String domain = place == null ? cloud.domain : domain(place, account);
    AzureOptions options =
        new AzureOptions(
            LocationReader.trimmed(location.bucket()),
            prefix,
            account,
            credentials(),
            domain,
            place != null && "http".equalsIgnoreCase(place.getScheme()),
            ThrottlingLimits.NONE,
            "");
    String authority = config("activeDirectoryAuthorityURI");
    return new StoreSettings(
        "azureBlob", options.toJson(), authority.isEmpty() ? cloud.authority : authority, caPem);
  }

  private String config(String key) {
    return location.config().getOrDefault(key, "");
  }

  private AzureOptions.Credentials credentials() throws MoverFailure {
    String key = named("storageAccountKeyEnvVar");
    if (!key.isEmpty()) {
      return AzureOptions.Credentials.ofKey(key);
    }
    String signature = named("storageAccountSASTokenEnvVar");
    if (!signature.isEmpty()) {
      return new AzureOptions.Credentials("", signature, "", "", "", "", "");
    }
    String secret = variables.getOrDefault("AZURE_CLIENT_SECRET", "");
    String certificate = certificate();
    String client = variables.getOrDefault("AZURE_CLIENT_ID", "");
    if (secret.isEmpty() && certificate.isEmpty()) {
      if (!variables.getOrDefault("AZURE_USERNAME", "").isEmpty()) {
        throw LocationReader.bad(
            "Azure credentials with a user name and password are not supported");
      }
      return workload(client);
    }
    String tenant = variables.getOrDefault("AZURE_TENANT_ID", "");
    if (tenant.isEmpty() || client.isEmpty()) {
      throw LocationReader.bad("the Azure credentials need AZURE_TENANT_ID and AZURE_CLIENT_ID");
    }
    return new AzureOptions.Credentials("", "", tenant, client, secret, certificate, "");
  }

  /// The identity that the pod has: a federated token, or the machine's.
  private AzureOptions.Credentials workload(String client) {
    String token = environment.getOrDefault("AZURE_FEDERATED_TOKEN_FILE", "");
    String id = client.isEmpty() ? environment.getOrDefault("AZURE_CLIENT_ID", "") : client;
    String tenant =
        variables.getOrDefault("AZURE_TENANT_ID", environment.getOrDefault("AZURE_TENANT_ID", ""));
    return new AzureOptions.Credentials("", "", tenant, id, "", "", token);
  }

  /// The value of the variable that a key of the config names.
  private String named(String key) throws MoverFailure {
    String name = config(key);
    String value = variables.getOrDefault(name, "");
    if (!name.isEmpty() && value.isEmpty()) {
      throw LocationReader.bad(
          "the credentials have no %s, which the %s of the storage location %s names"
              .formatted(name, key, location.name()));
    }
    return value;
  }

  private String certificate() throws MoverFailure {
    if (!variables.getOrDefault("AZURE_CLIENT_CERTIFICATE_PASSWORD", "").isEmpty()) {
      throw LocationReader.bad("an Azure certificate with a password is not supported");
    }
    String path = variables.getOrDefault("AZURE_CLIENT_CERTIFICATE_PATH", "");
    String text = variables.getOrDefault("AZURE_CLIENT_CERTIFICATE", "");
    if (!text.isEmpty() || path.isEmpty()) {
      return text;
    }
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw LocationReader.bad("the Azure certificate cannot be read: " + Reasons.message(e));
    }
  }

  private @Nullable URI place(String uri) throws MoverFailure {
    if (uri.isEmpty()) {
      return null;
    }
    try {
      URI place = new URI(uri);
      if (place.getHost() != null && place.getRawUserInfo() == null) {
        return place;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw noPlace();
  }

  /// What follows the account in the address; of an emulator, its address.
  private String domain(URI place, String account) throws MoverFailure {
    String host = place.getRawAuthority();
    String path = LocationReader.trimmed(place.getRawPath() == null ? "" : place.getRawPath());
    if (host.startsWith(account + ".") && path.isEmpty()) {
      return host.substring(account.length() + 1);
    }
    if (path.equals(account)) {
      return host;
    }
    throw noPlace();
  }

  private MoverFailure noPlace() {
    return LocationReader.bad(
        "the storageAccountURI of the storage location "
            + location.name()
            + " is not https://ACCOUNT.DOMAIN");
  }

  /// Azure in one part of the world.
  private record Cloud(String domain, String authority) {
    static Cloud of(String name) throws MoverFailure {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "", "azurepubliccloud", "azurepublic", "azurecloud" -> new Cloud("", "");
        case "azurechinacloud", "azurechina" ->
            new Cloud("blob.core.chinacloudapi.cn", "https://login.chinacloudapi.cn/");
        case "azureusgovernmentcloud", "azureusgovernment", "azuregovernment" ->
            new Cloud("blob.core.usgovcloudapi.net", "https://login.microsoftonline.us/");
        default -> throw LocationReader.bad("there is no AZURE_CLOUD_NAME " + name);
      };
    }
  }
}
