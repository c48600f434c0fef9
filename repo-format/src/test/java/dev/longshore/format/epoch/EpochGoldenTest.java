package dev.longshore.format.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.golden.GoldenRepository;
import org.junit.jupiter.api.Test;

/// The epochs of a repository as `kopia index epoch list` showed them.
class EpochGoldenTest {
  @Test
  void seesTheEpochsThatKopiaSees() {
    GoldenRepository repository = GoldenRepository.named("epochs");
    EpochState state = EpochState.of(repository.list("x"));
    StringBuilder seen = new StringBuilder("Current Epoch: " + state.writeEpoch());
    for (int epoch = state.writeEpoch(); epoch > 0; epoch--) {
      if (!state.isSettled(epoch) && state.uncompacted().containsKey(epoch)) {
        seen.append("|" + epoch + ": " + state.uncompacted().get(epoch).size() + " blobs");
      }
    }
    for (int epoch = state.writeEpoch(); epoch >= 0; epoch--) {
      if (state.singleEpochCompactions().containsKey(epoch)
          && epoch >= state.firstEpochAfterRanges()) {
        seen.append("|" + epoch + ": single");
      }
    }
    state
        .rangeCheckpoints()
        .forEach(range -> seen.append("|" + range.low() + "-" + range.high() + ": range"));
    assertEquals("Current Epoch: 8|7: 11 blobs|5: single|4: single|0-3: range", seen.toString());
  }
}
