package dev.longshore.engine.blob.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Gives the SDK the credentials that the settings ask for. Tokens are fetched and renewed by it.
///
/// @param authority where tokens of Entra ID come from, a URL; empty for Microsoft's public one
/// @param client what requests for tokens are sent with
record AzureCredentials(String authority, HttpClient client) {
  /// @throws StoreException if they cannot prove anything
  void giveTo(BlobContainerClientBuilder builder, AzureOptions options) throws StoreException {
    AzureOptions.Credentials settings = options.credentials();
    if (!settings.sasToken().isEmpty()) {
      builder.sasToken(settings.sasToken());
    } else if (!settings.storageKey().isEmpty()) {
      checkKey(settings.storageKey());
      builder.credential(
          new StorageSharedKeyCredential(options.storageAccount(), settings.storageKey()));
    } else if (options.disableTls()) {
      throw new StoreException("azure: tokens of Entra ID are sent over TLS only", Retry.NEVER);
    } else {
      try {
        builder.credential(token(settings));
      } catch (IllegalArgumentException e) {
        // Not as a cause: it quotes what may be a secret in the wrong place.
        throw new StoreException(
            "azure: the tenant, the client or the authority is none", Retry.NEVER);
      }
    }
  }

  private static void checkKey(String key) throws StoreException {
    try {
      Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException e) {
      throw new StoreException("azure: the storage key is not base64", Retry.NEVER);
    }
  }

  private TokenCredential token(AzureOptions.Credentials settings) {
    boolean application = !settings.tenantId().isEmpty() && !settings.clientId().isEmpty();
    if (application && !settings.clientSecret().isEmpty()) {
      var builder = new ClientSecretCredentialBuilder().clientSecret(settings.clientSecret());
      return of(settings, builder).build();
    }
    if (application && !settings.clientCertificate().isEmpty()) {
      byte[] pem = settings.clientCertificate().getBytes(StandardCharsets.UTF_8);
      var builder =
          new ClientCertificateCredentialBuilder().pemCertificate(new ByteArrayInputStream(pem));
      return of(settings, builder).build();
    }
    if (application && !settings.federatedTokenFile().isEmpty()) {
      var builder =
          new WorkloadIdentityCredentialBuilder().tokenFilePath(settings.federatedTokenFile());
      return of(settings, builder).build();
    }
    var builder = new ManagedIdentityCredentialBuilder().httpClient(client);
    return settings.clientId().isEmpty()
        ? builder.build()
        : builder.clientId(settings.clientId()).build();
  }

  private <B extends AadCredentialBuilderBase<B>> B of(
      AzureOptions.Credentials settings, B builder) {
    builder.tenantId(settings.tenantId()).clientId(settings.clientId()).httpClient(client);
    if (!authority.isEmpty()) {
      // Who names a place knows it; Microsoft's public one need not.
      builder.authorityHost(authority).disableInstanceDiscovery();
    }
    return builder;
  }
}
