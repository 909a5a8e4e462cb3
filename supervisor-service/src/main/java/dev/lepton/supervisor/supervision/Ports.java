package dev.lepton.supervisor.supervision;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Chooses ports for units. They come from below the range that systems hand out for outgoing
 * connections, so that a port stays free while its unit is restarted.
 */
public final class Ports {

    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final int TRIES = 2 * COUNT;

    private final RandomGenerator random;
    private final Set<Integer> given = new HashSet<>();

    public Ports(RandomGenerator random) {
        this.random = random;
    }

    /** Notes a port that is some unit's already. */
    public synchronized void reserve(int port) {
        given.add(port);
    }

    /** A free port that no other unit was given. */
    public synchronized int choose() {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + random.nextInt(COUNT);
            if (!given.contains(port) && free(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port from %d to %d".formatted(FIRST, FIRST + COUNT - 1));
    }

    /** Whether nobody listens on a port. */
    public boolean free(int port) {
        try (ServerSocket _ = new ServerSocket(port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
