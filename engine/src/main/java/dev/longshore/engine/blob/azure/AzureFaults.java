package dev.longshore.engine.blob.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.storage.blob.models.BlobStorageException;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dev.longshore.engine.blob.remote.NetworkFaults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says what a fault means for a caller: gone, hopeless, or worth another try.
///
/// @param place the account and the container, for messages
record AzureFaults(String place) {
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int PRECONDITION_FAILED = 412;
  static final int RANGE_NOT_SATISFIABLE = 416;

  /// Causes are followed no deeper.
  private static final int MAX_DEPTH = 16;

  private static final int MAX_REASON_CHARS = 300;

  /// Refusals that pass, whatever their status.
  private static final Set<String> PASSING =
      Set.of("InternalError", "OperationTimedOut", "ServerBusy");

  /// A refusal, whoever noticed it.
  ///
  /// @param code Azure's word for it, `BlobNotFound`; empty if the answer had none
  record Refusal(int status, String code) {}

  /// The refusal that this fault tells of; null if it is something else.
  static @Nullable Refusal refusal(Throwable fault) {
    return switch (fault) {
      case AzureFailure own -> new Refusal(own.status(), own.code());
      case BlobStorageException e ->
          new Refusal(
              e.getStatusCode(), e.getErrorCode() == null ? "" : e.getErrorCode().toString());
      default -> null;
    };
  }

  /// @param what the call and the blob: `put p6259…`
  RepositoryException of(String what, Throwable fault) {
    Throwable at = fault;
    for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
      Refusal refusal = refusal(at);
      if (refusal != null) {
        return refused(what, refusal, at);
      }
      if (at instanceof IOException known) {
        return NetworkFaults.of(what, place, known);
      }
      if (at instanceof MsalException || at instanceof ClientAuthenticationException) {
        return unproven(what, at);
      }
      at = at.getCause();
    }
    // Its own words may quote an address with a signature.
    return new StoreException(
        what + ": " + place + ": no sense in the answer: " + fault.getClass().getSimpleName(),
        Retry.NEVER,
        fault);
  }

  private RepositoryException refused(String what, Refusal refusal, Throwable fault) {
    if (refusal.code.equals("ContainerNotFound")) {
      return new StoreException(what + ": there is no container " + place, Retry.NEVER, fault);
    }
    if (refusal.status == NOT_FOUND) {
      return new NotFoundException(what + ": it is not there", fault);
    }
    boolean passes = NetworkFaults.passes(refusal.status) || PASSING.contains(refusal.code);
    return new StoreException(
        "%s: %s answered %d %s".formatted(what, place, refusal.status, refusal.code).strip(),
        passes ? Retry.BACKOFF : Retry.NEVER,
        fault);
  }

  /// No token: the SDK has tried again already what may pass.
  private static StoreException unproven(String what, Throwable e) {
    Integer status = e instanceof MsalServiceException refused ? refused.statusCode() : null;
    boolean passes = status != null && NetworkFaults.passes(status);
    String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    String reason = said.replaceAll("[^ -~]", "?");
    return new StoreException(
        what
            + ": no token of Entra ID: "
            + reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS)),
        passes ? Retry.BACKOFF : Retry.NEVER,
        e);
  }
}
