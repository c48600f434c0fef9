package dev.longshore.engine.object;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.format.compress.Compression;
import java.util.Optional;

/// How an object is written.
///
/// @param prefix the contents' prefix letter, or [dev.longshore.format.id.ContentId#NO_PREFIX] for
///   data
/// @param compression of the contents
/// @param metadataCompression of chunk lists
/// @param splitter empty for the repository's own
public record ObjectOptions(
    char prefix,
    Optional<Compression> compression,
    Optional<Compression> metadataCompression,
    Optional<SplitterAlgorithm> splitter) {}
