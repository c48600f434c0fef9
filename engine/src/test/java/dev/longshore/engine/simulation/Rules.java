package dev.longshore.engine.simulation;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.maintenance.MaintenanceSafety;
import java.util.function.UnaryOperator;

/// What the actors of a run keep to.
///
/// @param safety the margins of maintenance
/// @param writers what stands between writers and the store
/// @param maintenance what stands between maintenance and the store
/// @param weather changes the weather that was drawn
/// @param tolerant what cannot be read is no loss, wrong bytes are
record Rules(
    MaintenanceSafety safety,
    UnaryOperator<BlobStore> writers,
    UnaryOperator<BlobStore> maintenance,
    UnaryOperator<Weather> weather,
    boolean tolerant) {
  /// All rules of safety.
  static final Rules ALL =
      new Rules(
          MaintenanceSafety.FULL,
          UnaryOperator.identity(),
          UnaryOperator.identity(),
          UnaryOperator.identity(),
          false);

  Rules withSafety(MaintenanceSafety other) {
    return new Rules(other, writers, maintenance, weather, tolerant);
  }

  Rules withWriters(UnaryOperator<BlobStore> other) {
    return new Rules(safety, other, maintenance, weather, tolerant);
  }

  Rules withMaintenance(UnaryOperator<BlobStore> other) {
    return new Rules(safety, writers, other, weather, tolerant);
  }

  Rules withWeather(UnaryOperator<Weather> other) {
    return new Rules(safety, writers, maintenance, other, tolerant);
  }

  Rules withTolerance() {
    return new Rules(safety, writers, maintenance, weather, true);
  }
}
