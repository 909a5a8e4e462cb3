package dev.lepton.client.watch;

/**
 * Why a stream is left, and what follows.
 *
 * @param why a clause for the log
 */
record Ending(Next next, String why) {

    static Ending elsewhere(String why) {
        return new Ending(Next.ELSEWHERE, why);
    }

    static Ending stale(String why) {
        return new Ending(Next.STALE, why);
    }

    static Ending listAgain(String why) {
        return new Ending(Next.LIST_AGAIN, why);
    }

    enum Next {
        /** The next URL, from where the watch is. */
        ELSEWHERE,
        /** The next URL if there is one: the only replica is followed however old its view. */
        STALE,
        /** The same URL, from a new list. */
        LIST_AGAIN
    }
}
