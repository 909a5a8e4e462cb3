package dev.lepton.registry.watch;

/**
 * What the watch keeps in memory. A watcher may lag by half of it, so that one which was closed for
 * being slow still finds its place when it comes back at once.
 *
 * @param changes how many recent changes are kept
 * @param bytes how large they may be together, encoded
 */
record WatchLimits(int changes, long bytes) {

    static final WatchLimits ORDINARY = new WatchLimits(8192, 8 << 20);

    WatchLimits {
        if (changes < 2 || bytes < 2) {
            throw new IllegalArgumentException("a watch needs room for at least 2 changes");
        }
    }

    boolean allowsLag(long lagChanges, long lagBytes) {
        return lagChanges <= changes / 2 && lagBytes <= bytes / 2;
    }

    /** Why a watcher is closed that lags by more; the same words for all of them. */
    String tooSlow() {
        return "too slow: more than %d changes or %d bytes behind"
                .formatted(changes / 2, bytes / 2);
    }
}
