package dev.longshore.engine.blob.azure;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Settings of an Azure store, Kopia's `config` object of the type `azureBlob`.
///
/// JSON, in this order: `container`, `prefix`, `storageAccount`, then [Credentials],
/// `storageDomain`, `doNotUseTLS`, [ThrottlingLimits], `pointInTime`. All but the container are
/// left out when empty.
///
/// Source: kopia 4ebb2be6c `repo/blob/azure/azure_options.go`.
///
/// @param prefix begins the name of each blob in the container, without a separator
/// @param storageDomain what follows the account in the server's name; empty for Azure's own. An
///   address, with a port, means an emulator, which has the account in the path
/// @param pointInTime an RFC 3339 time at which to look at the container; empty for now
public record AzureOptions(
    String container,
    String prefix,
    String storageAccount,
    Credentials credentials,
    String storageDomain,
    boolean disableTls,
    ThrottlingLimits limits,
    String pointInTime) {
  private static final Set<String> STRINGS =
      Set.of(
          "container",
          "prefix",
          "storageAccount",
          "storageKey",
          "sasToken",
          "TenantID",
          "ClientID",
          "ClientSecret",
          "clientCertificate",
          "azureFederatedTokenFile",
          "storageDomain",
          "pointInTime");

  /// What proves who the client is; the first of these that is there counts: a shared access
  /// signature, the account's key, a secret, a certificate (with its key, in PEM) or a federated
  /// token of an application in Entra ID. Without any, it is the managed identity of the machine.
  ///
  /// JSON: `storageKey`, `sasToken`, `TenantID`, `ClientID`, `ClientSecret` (capitalised so),
  /// `clientCertificate`, `azureFederatedTokenFile`.
  public record Credentials(
      String storageKey,
      String sasToken,
      String tenantId,
      String clientId,
      String clientSecret,
      String clientCertificate,
      String federatedTokenFile) {
    /// The account's key.
    public static Credentials ofKey(String storageKey) {
      return new Credentials(storageKey, "", "", "", "", "", "");
    }

    @Override
    public String toString() {
      return "Credentials[" + clientId + "]";
    }
  }

  /// Reads the `config` object.
  ///
  /// @throws CorruptException if it is not such JSON
  public static AzureOptions parse(byte[] json) throws CorruptException {
    Map<String, String> found = new HashMap<>();
    STRINGS.forEach(name -> found.put(name, ""));
    boolean disableTls = false;
    ThrottlingLimits limits = ThrottlingLimits.NONE;
    try (JsonInput in = JsonInput.of("azureBlob config", json)) {
      in.beginObject();
      for (String name = in.nextKey(); name != null; name = in.nextKey()) {
        if (STRINGS.contains(name)) {
          found.put(name, in.string());
        } else if (name.equals("doNotUseTLS")) {
          disableTls = in.bool();
        } else {
          limits = limits.with(name, in);
        }
      }
      in.finish();
    }
    return new AzureOptions(
        found.getOrDefault("container", ""),
        found.getOrDefault("prefix", ""),
        found.getOrDefault("storageAccount", ""),
        new Credentials(
            found.getOrDefault("storageKey", ""),
            found.getOrDefault("sasToken", ""),
            found.getOrDefault("TenantID", ""),
            found.getOrDefault("ClientID", ""),
            found.getOrDefault("ClientSecret", ""),
            found.getOrDefault("clientCertificate", ""),
            found.getOrDefault("azureFederatedTokenFile", "")),
        found.getOrDefault("storageDomain", ""),
        disableTls,
        limits,
        found.getOrDefault("pointInTime", ""));
  }

  /// The `config` object, compact.
  public String toJson() {
    GoJsonWriter json = new GoJsonWriter().beginObject();
    json.field("container", container);
    json.fieldUnlessEmpty("prefix", prefix);
    json.fieldUnlessEmpty("storageAccount", storageAccount);
    json.fieldUnlessEmpty("storageKey", credentials.storageKey);
    json.fieldUnlessEmpty("sasToken", credentials.sasToken);
    json.fieldUnlessEmpty("TenantID", credentials.tenantId);
    json.fieldUnlessEmpty("ClientID", credentials.clientId);
    json.fieldUnlessEmpty("ClientSecret", credentials.clientSecret);
    json.fieldUnlessEmpty("clientCertificate", credentials.clientCertificate);
    json.fieldUnlessEmpty("azureFederatedTokenFile", credentials.federatedTokenFile);
    json.fieldUnlessEmpty("storageDomain", storageDomain);
    json.fieldIfTrue("doNotUseTLS", disableTls);
    limits.writeTo(json);
    json.fieldUnlessEmpty("pointInTime", pointInTime);
    return new String(json.endObject().toByteArray(), StandardCharsets.UTF_8);
  }
}
