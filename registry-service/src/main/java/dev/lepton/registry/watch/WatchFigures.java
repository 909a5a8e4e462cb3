package dev.lepton.registry.watch;

/** How many follow the watch, and what it keeps for them. */
public interface WatchFigures {

    /** Clients that follow now. */
    int watchers();

    /** Clients that were closed because they did not keep up, since the start. */
    long closedAsSlow();

    /** Recent changes that are kept for those who come back. */
    int bufferedChanges();

    /** Their bytes, as they are sent to whoever takes no gzip. */
    long bufferedBytes();
}
