package dev.longshore.bench.compare;

/// A sample and what it is a sample of.
///
/// @param storedBytes what the repository holds after the step, all its files
record Measurement(Step step, String tool, int round, Sample sample, long storedBytes) {}
