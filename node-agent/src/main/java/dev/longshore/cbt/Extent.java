package dev.longshore.cbt;

/// A range of a volume as a service named it: not yet checked.
public record Extent(long offset, long length) {}
