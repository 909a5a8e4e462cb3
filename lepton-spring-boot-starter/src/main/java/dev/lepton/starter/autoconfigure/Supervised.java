package dev.lepton.starter.autoconfigure;

import dev.lepton.client.heartbeat.FenceTerms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process, where a supervisor has started it. */
final class Supervised {

    private static final Logger log = LoggerFactory.getLogger(Supervised.class);
    private static final int CODE = FenceTerms.EXIT_CODE;

    private Supervised() {}

    /** By what every supervisor gives to those that it starts, and nobody else. */
    static boolean processHasASupervisor() {
        return System.getenv("LEPTON_START_ID") != null;
    }

    /**
     * Ends this process in order. As a start that is over it is of no use, and looks well to
     * whoever probes it; its supervisor starts the unit anew where it is to run.
     */
    static void end() {
        log.warn("This process ends with code {}, for its supervisor to start the unit anew", CODE);
        Thread.ofPlatform().daemon().name("lepton-superseded").start(() -> System.exit(CODE));
    }
}
