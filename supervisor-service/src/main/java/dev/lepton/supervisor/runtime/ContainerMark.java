package dev.lepton.supervisor.runtime;

import java.time.Instant;

/**
 * What tells one start of a container from every other one.
 *
 * @param containerId the engine's own id of the container
 * @param startedAt when it was started, by the engine's clock: a second start has another instant
 */
public record ContainerMark(String containerId, Instant startedAt) implements RunMark {

    private static final int ID_SHOWN = 12;

    @Override
    public String words() {
        return "container "
                + containerId.substring(0, Math.min(ID_SHOWN, containerId.length()))
                + " of "
                + startedAt;
    }
}
