package dev.longshore.engine.content;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;
import java.util.Optional;

/// How the bytes of one repository are made: what the format blob says, ready for use.
///
/// @param formatBlob the stored bytes of `kopia.repository`, which packs carry a copy of where the
///   password cannot be changed; not changed by anybody
/// @param retention asked for on every put of a blob that is to be locked
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ContentFormat(
    RepositoryFormat format, RepositoryCrypto crypto, byte[] formatBlob, BlobRetention retention) {
  /// How a blob of this name is put: locked, if retention is on and the name asks for it.
  public PutOptions putOptions(BlobId id) {
    return retention.isEnabled() && BlobRetention.appliesTo(id)
        ? new PutOptions(Optional.of(retention), false)
        : PutOptions.NONE;
  }
}
