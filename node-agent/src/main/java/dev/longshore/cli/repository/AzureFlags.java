package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.blob.azure.AzureOptions;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// An Azure container as a store: the flags of `create azure` and `connect azure`.
final class AzureFlags {
  @Option(
      names = "--container",
      required = true,
      paramLabel = "CONTAINER",
      description = "Name of the container.")
  String container = "";

  @Option(
      names = "--storage-account",
      paramLabel = "ACCOUNT",
      description = "Storage account ($AZURE_STORAGE_ACCOUNT).")
  @Nullable String storageAccount;

  @Option(
      names = "--storage-key",
      paramLabel = "KEY",
      description = "Key of the storage account ($AZURE_STORAGE_KEY).")
  @Nullable String storageKey;

  @Option(
      names = "--storage-domain",
      paramLabel = "DOMAIN",
      description =
          "What follows the account in the server's name ($AZURE_STORAGE_DOMAIN; default:"
              + " blob.core.windows.net).")
  @Nullable String storageDomain;

  @Option(
      names = "--sas-token",
      paramLabel = "TOKEN",
      description = "Shared access signature ($AZURE_STORAGE_SAS_TOKEN).")
  @Nullable String sasToken;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Begins the name of each blob; end it with a slash to make a folder of it.")
  String prefix = "";

  @Option(
      names = "--tenant-id",
      paramLabel = "ID",
      description = "Tenant of an application in Entra ID ($AZURE_TENANT_ID).")
  @Nullable String tenantId;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "The application's client id ($AZURE_CLIENT_ID).")
  @Nullable String clientId;

  @Option(
      names = "--client-secret",
      paramLabel = "SECRET",
      description = "The application's secret ($AZURE_CLIENT_SECRET).")
  @Nullable String clientSecret;

  @Option(
      names = "--client-cert",
      paramLabel = "PEM",
      description =
          "The application's certificate and its key, in PEM ($AZURE_CLIENT_CERTIFICATE).")
  @Nullable String clientCertificate;

  @Option(
      names = "--azure-federated-token-file",
      paramLabel = "FILE",
      description =
          "File with a token of the cluster, for workload identity ($AZURE_FEDERATED_TOKEN_FILE).")
  @Nullable String federatedTokenFile;

  @Option(
      names = "--point-in-time",
      paramLabel = "TIME",
      description = "Look at a container with versions as it was at this RFC 3339 time.")
  String pointInTime = "";

  @Mixin final SpeedFlags speed = new SpeedFlags();

  /// The store these flags name.
  StoreLocation location(Cli cli) {
    String account = chosen(cli, storageAccount, "AZURE_STORAGE_ACCOUNT");
    if (account.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "--storage-account is needed");
    }
    if (!pointInTime.isEmpty()) {
      try {
        OffsetDateTime.parse(pointInTime);
      } catch (DateTimeException e) {
        throw new CommandFailure(
            ExitCode.USAGE, "--point-in-time: not a time such as 2026-01-02T15:04:05Z");
      }
    }
    var credentials =
        new AzureOptions.Credentials(
            chosen(cli, storageKey, "AZURE_STORAGE_KEY"),
            chosen(cli, sasToken, "AZURE_STORAGE_SAS_TOKEN"),
            chosen(cli, tenantId, "AZURE_TENANT_ID"),
            chosen(cli, clientId, "AZURE_CLIENT_ID"),
            chosen(cli, clientSecret, "AZURE_CLIENT_SECRET"),
            chosen(cli, clientCertificate, "AZURE_CLIENT_CERTIFICATE"),
            chosen(cli, federatedTokenFile, "AZURE_FEDERATED_TOKEN_FILE"));
    var options =
        new AzureOptions(
            container,
            prefix,
            account,
            credentials,
            chosen(cli, storageDomain, "AZURE_STORAGE_DOMAIN"),
            false,
            speed.limits(),
            pointInTime);
    return new StoreLocation("azureBlob", options.toJson());
  }

  void refusePointInTime() {
    if (!pointInTime.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "--point-in-time: a new repository has no past");
    }
  }

  private static String chosen(Cli cli, @Nullable String flag, String variable) {
    return flag != null ? flag : cli.terminal().variable(variable).orElse("");
  }
}
