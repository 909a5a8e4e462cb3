package dev.lepton.supervisor.container;

import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.runtime.ContainerMark;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine says of one container at one moment.
 *
 * @param startedAt of its last start; long ago when it never was started
 * @param endedAt of its last end; long ago when it never ended
 * @param exitCode of its last end
 * @param outOfMemory whether the kernel has killed a process of it since its last start
 * @param pid of its main process, as the engine's host counts; null while none runs
 * @param text all of its state, for people
 */
record Seen(
        String id,
        UnitId unit,
        Condition condition,
        Instant startedAt,
        Instant endedAt,
        int exitCode,
        boolean outOfMemory,
        @Nullable Long pid,
        List<Address> addresses,
        String text) {

    /** What a container does. */
    enum Condition {
        /** It was never started. */
        CREATED,
        RUNNING,
        PAUSED,
        /** It has ended, and the engine is about to start it again. */
        RESTARTING,
        ENDED
    }

    /**
     * Where it is reached from within one of its networks.
     *
     * @param prefixLength of that network's addresses
     */
    record Address(String ip, int prefixLength) {}

    Seen {
        addresses = List.copyOf(addresses);
    }

    ContainerMark mark() {
        return new ContainerMark(id, startedAt);
    }

    /** Whether its main process lives. */
    boolean on() {
        return condition == Condition.RUNNING || condition == Condition.PAUSED;
    }
}
