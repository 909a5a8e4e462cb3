package dev.lepton.gateway.ratelimit;

/** How a request fared. */
enum Outcome {
    ALLOWED,
    REFUSED,
    /** Let in by this gateway's own bucket, because Redis did not answer. */
    REDIS_AWAY
}
