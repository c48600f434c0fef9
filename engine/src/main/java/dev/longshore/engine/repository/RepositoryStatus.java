package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.RepositoryFormat;
import java.util.Optional;
import java.util.OptionalInt;

/// What `repository status` shows.
///
/// @param uniqueIdHex 64 lower-case digits
/// @param format with its secrets: whoever prints it leaves them out
/// @param capacity of stores that know theirs
/// @param writeEpoch the current epoch; empty without the epoch manager
public record RepositoryStatus(
    String uniqueIdHex,
    RepositoryFormat format,
    BlobRetention retention,
    ClientOptions client,
    StoreDescription store,
    Optional<BlobStore.Capacity> capacity,
    OptionalInt writeEpoch) {}
