/// How fast this machine hashes, seals, splits, compresses and corrects: what `repo benchmark`
/// tells.
///
/// Each benchmark runs its operation untimed until it is compiled, then a counted number of times
/// on one or more threads. Progress goes to a callback, results come back as records.
package dev.longshore.bench.algorithm;
