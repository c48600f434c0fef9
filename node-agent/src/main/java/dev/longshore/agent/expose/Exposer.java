package dev.longshore.agent.expose;

import dev.longshore.agent.api.Repository;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.KubeException;
import java.util.Optional;

/// Brings a transfer's volume before a mover. Each method does what can be done now and says what
/// it waits for; called again, it goes on from what the API shows.
public interface Exposer {
  /// What must be there before the transfer is taken on; empty if all is.
  Optional<String> awaited(Transfer transfer) throws KubeException;

  /// Takes the steps up to the mover's pod of the transfer's current attempt.
  ///
  /// @param repository that the mover will work with
  /// @throws ExposeException if it cannot be had
  Exposure expose(Transfer transfer, Repository repository) throws KubeException, ExposeException;

  /// Hands a restored volume over to its user, after the mover has done its work.
  ///
  /// @return what it waits for; empty when all is done
  Optional<String> handOver(Transfer transfer) throws KubeException, ExposeException;

  /// Whether handing over has begun; from there it goes to its end.
  boolean isHandingOver(Transfer transfer);

  /// Removes everything that was made for the transfer, and what it was given to use up.
  ///
  /// @return what is still there; empty when nothing is left
  Optional<String> cleanUp(Transfer transfer) throws KubeException;
}
