package dev.lepton.gateway.cache;

/** Where an answer came from. */
enum Outcome {
    /** Given without asking the service. */
    HIT,
    /** Given after a unit had said that it still holds. */
    REVALIDATED,
    /** Given because the service failed. */
    STALE,
    /** Asked of the service. */
    MISS,
    /** Asked of the service, because no kept answer could be given to such a request. */
    PASSED
}
