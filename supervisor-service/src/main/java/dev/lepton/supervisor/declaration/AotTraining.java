package dev.lepton.supervisor.declaration;

import java.util.Map;

/**
 * How the run is made from which the JVM learns what to have ready at every later start of a
 * service. It is a real run, on ports of its own, with a folder of state that is thrown away, and
 * by default with a registry that does not answer; what else it must not touch is told by
 * variables.
 *
 * @param probe what shows that the run has come far enough
 * @param environment beyond the service's own, which it overrides; placeholders still in it
 */
public record AotTraining(Probe probe, Map<String, String> environment) {

    public AotTraining {
        environment = Map.copyOf(environment);
    }
}
