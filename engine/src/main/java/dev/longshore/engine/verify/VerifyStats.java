package dev.longshore.engine.verify;

/// Counts of a verification, as Kopia has them.
///
/// @param processedObjects files, symbolic links and directories looked at, each object once
/// @param processedBytes sizes of the files among them
/// @param readFiles of those, files read in full
/// @param readBytes their bytes
/// @param expectedObjects what the roots' summaries promise; more than is processed if trees share
///   objects
public record VerifyStats(
    long processedObjects,
    long processedBytes,
    long readFiles,
    long readBytes,
    long expectedObjects,
    long expectedFiles,
    long expectedBytes) {}
