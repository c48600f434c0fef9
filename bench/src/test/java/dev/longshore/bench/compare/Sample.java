package dev.longshore.bench.compare;

/// One measured run of one command.
///
/// @param wallSeconds from start to end
/// @param cpuSeconds user and system time of the program and what it started
/// @param peakRssBytes the largest resident set
/// @param load the machine's load average when it ended
/// @param failure empty, or what went wrong
record Sample(
    double wallSeconds, double cpuSeconds, long peakRssBytes, double load, String failure) {
  boolean failed() {
    return !failure.isEmpty();
  }

  Sample failing(String why) {
    return new Sample(wallSeconds, cpuSeconds, peakRssBytes, load, why);
  }
}
