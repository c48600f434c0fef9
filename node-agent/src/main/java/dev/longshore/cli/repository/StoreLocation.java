package dev.longshore.cli.repository;

/// A store the user named on the command line.
///
/// @param type Kopia's name of the kind of store
/// @param configJson Kopia's `config` object of the kind
record StoreLocation(String type, String configJson) {}
