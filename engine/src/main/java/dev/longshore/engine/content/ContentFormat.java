package dev.longshore.engine.content;

import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.seal.RepositoryCrypto;

/// How the bytes of one repository are made: what the format blob says, ready for use.
///
/// @param formatBlob the stored bytes of `kopia.repository`, which packs carry a copy of where the
///     password cannot be changed; not changed by anybody
/// @param retention asked for on every put of a blob that is to be locked
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ContentFormat(
    RepositoryFormat format,
    RepositoryCrypto crypto,
    byte[] formatBlob,
    BlobRetention retention) {}
