package dev.lepton.gateway.fleet;

import dev.lepton.client.watch.UnitWatch;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the watch before the gateway takes requests, so that the list on disk is in the table by
 * then.
 */
final class FleetFollower implements SmartLifecycle {

    /** The web server starts in {@code Integer.MAX_VALUE - 2048}; what it needs comes earlier. */
    private static final int BEFORE_THE_WEB_SERVER = Integer.MAX_VALUE - 4096;

    private final UnitWatch watch;
    private volatile boolean running;

    FleetFollower(UnitWatch watch) {
        this.watch = watch;
    }

    @Override
    public void start() {
        watch.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        watch.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return BEFORE_THE_WEB_SERVER;
    }
}
