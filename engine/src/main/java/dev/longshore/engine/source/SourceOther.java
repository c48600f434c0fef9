package dev.longshore.engine.source;

import dev.longshore.engine.posix.FileStatus;

/// What a snapshot cannot hold: a fifo, socket or device.
public record SourceOther(String name, FileStatus status) implements SourceEntry {}
