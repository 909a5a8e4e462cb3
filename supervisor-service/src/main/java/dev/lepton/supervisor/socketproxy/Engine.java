package dev.lepton.supervisor.socketproxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The Docker engine behind its socket.
 *
 * @param timer ends what waits too long for an answer
 */
record Engine(Path socket, ScheduledExecutorService timer) {

    /** A connection for as long as it takes. */
    EngineConnection open() throws EngineAway {
        return EngineConnection.open(socket);
    }

    /** A connection that ends after a while, whatever has come by then. */
    EngineConnection open(Duration patience) throws EngineAway {
        EngineConnection connection = open();
        timer.schedule(connection::expire, patience.toMillis(), TimeUnit.MILLISECONDS);
        return connection;
    }
}
