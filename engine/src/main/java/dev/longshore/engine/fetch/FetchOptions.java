package dev.longshore.engine.fetch;

import dev.longshore.engine.content.ContentCheck;

/// How chunks are fetched.
///
/// @param threads that read, decode and hand over
/// @param budgetBytes stored and plain bytes in flight, at most (one content is always let through)
/// @param check what is proved of each content
public record FetchOptions(int threads, long budgetBytes, ContentCheck check) {}
