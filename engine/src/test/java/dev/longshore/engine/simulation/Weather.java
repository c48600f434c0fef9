package dev.longshore.engine.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How bad the surroundings of a run are. Chances are of one call to the store.
///
/// @param fails it fails and did nothing, and says that trying again may help
/// @param failsForGood as above, but says that trying again does not help
/// @param failsAfter it fails, but took effect
/// @param timesOut it fails after minutes; what it should have done may happen still later
/// @param spoils a read gives too few bytes, or one flipped bit, or what was there before
/// @param slow it takes up to twenty minutes
/// @param lies a delete says that it was done, and was not
/// @param putLies a put says that it was done, and was not: no real store may do that
/// @param dies the process ends at the call: before it, after it, or with it on its way
/// @param maxLag how late lists may be
/// @param maxSkew how far a clock is off, at most; it may jump within that at any time
record Weather(
    double fails,
    double failsForGood,
    double failsAfter,
    double timesOut,
    double spoils,
    double slow,
    double lies,
    double putLies,
    double dies,
    Duration maxLag,
    Duration maxSkew) {
  /// Nothing goes wrong.
  static final Weather CALM = new Weather(0, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO);

  private static final int MAX_SKEW_SECONDS = 240;
  private static final int MAX_LAG_SECONDS = 540;

  /// The weather of a run, within what the rules of safety allow.
  static Weather of(RandomGenerator random) {
    double storm = random.nextInt(4) == 0 ? 0 : random.nextDouble();
    return new Weather(
        0.02 * storm * random.nextDouble(),
        0.003 * storm * random.nextDouble(),
        0.02 * storm * random.nextDouble(),
        0.005 * storm * random.nextDouble(),
        0.005 * storm * random.nextDouble(),
        0.03 * random.nextDouble(),
        0.05 * storm * random.nextDouble(),
        0,
        0.008 * random.nextDouble(),
        Duration.ofSeconds(random.nextInt(3) == 0 ? 0 : random.nextInt(MAX_LAG_SECONDS)),
        Duration.ofSeconds(random.nextInt(3) == 0 ? 0 : random.nextInt(MAX_SKEW_SECONDS)));
  }

  /// The same, with puts that lie.
  Weather withPutLies(double chance) {
    return new Weather(
        fails,
        failsForGood,
        failsAfter,
        timesOut,
        spoils,
        slow,
        lies,
        chance,
        dies,
        maxLag,
        maxSkew);
  }

  /// The same, with processes that die more or less often.
  Weather withDeaths(double chance) {
    return new Weather(
        fails,
        failsForGood,
        failsAfter,
        timesOut,
        spoils,
        slow,
        lies,
        putLies,
        chance,
        maxLag,
        maxSkew);
  }
}
