package dev.lepton.gateway.holding;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The place of one held request in the line of its service. */
final class Place {

    /** Where its request is. The last two count as under way. */
    enum Stage {
        /** It waits for another table, or asks for itself. */
        WAITS,
        /** It is called when its turn comes. */
        TO_BE_CALLED,
        /** It was told to look at the table. */
        CALLED,
        /** A unit has it. */
        UNDER_WAY
    }

    private final String service;
    private final Executor loop;
    private final Runnable look;

    /** Guarded by the room. */
    Stage stage = Stage.WAITS;

    /**
     * @param loop where it looks
     */
    Place(String service, Executor loop, Runnable look) {
        this.service = service;
        this.loop = loop;
        this.look = look;
    }

    String service() {
        return service;
    }

    void call() {
        try {
            loop.execute(look);
        } catch (RejectedExecutionException e) {
            // The client's connections have ended with the gateway, and so has the request.
        }
    }
}
