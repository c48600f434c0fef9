package dev.longshore.format.directory;

/// An entry that could not be backed up.
///
/// @param path relative to the snapshot's root
/// @param error what went wrong, in words
public record EntryError(String path, String error) {}
