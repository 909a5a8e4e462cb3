package dev.lepton.registry.outage;

/** Something that happens to PostgreSQL, and ends. */
interface Fault {

    void begin(Place place) throws Exception;

    /** Returns when PostgreSQL can answer again. */
    void end(Place place) throws Exception;

    /** Whether nothing can be stored meanwhile. */
    default boolean storesNothing() {
        return true;
    }

    /** Whether a watch that is open can only end, because another history begins. */
    default boolean endsTheWatch() {
        return false;
    }
}
