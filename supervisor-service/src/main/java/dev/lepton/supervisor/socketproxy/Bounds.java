package dev.lepton.supervisor.socketproxy;

import java.time.Duration;

/**
 * What one client may take at most.
 *
 * @param connections at a time
 * @param streams logs and events, at a time
 * @param request how long it may take to send its request
 * @param answer how long the engine may take to answer, beside the time that a stop gives to the
 *     container
 * @param write how long it may take to read what is sent to it at once
 */
record Bounds(int connections, int streams, Duration request, Duration answer, Duration write) {

    static final Bounds ORDINARY =
            new Bounds(
                    64, 16, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(10));
}
