package dev.lepton.supervisor.socketproxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The Docker engine behind its socket.
 *
 * @param timer ends what waits too long for an answer
 */
record Engine(Path socket, ScheduledExecutorService timer) {

    /** A timer that forgets at once what has ended in time. */
    static ScheduledThreadPoolExecutor newTimer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** A connection for as long as it takes. */
    EngineConnection open() throws EngineAway {
        return EngineConnection.open(socket);
    }

    /** A connection that ends after a while, whatever has come by then. */
    EngineConnection open(Duration patience) throws EngineAway {
        EngineConnection connection = open();
        connection.expires(
                timer.schedule(connection::expire, patience.toMillis(), TimeUnit.MILLISECONDS));
        return connection;
    }
}
