package dev.lepton.gateway.forwarding;

/** How an attempt ended without an answer that can be given to the client. */
enum Failure {
    /** No byte of the request left: no connection, or it was closed before it was used. */
    NOT_SENT,
    /** The unit says that it did not begin: 503 with {@code Lepton-Not-Processed}. */
    NOT_PROCESSED,
    /** The process at this address is another unit: 421. */
    MISDIRECTED,
    /**
     * The connection broke after bytes of the request had left and before one of the response came.
     */
    BROKEN,
    /** No response headers within the attempt's timeout; the attempt goes on. */
    TIMED_OUT,
    /** The unit left the table while the request waited for it. */
    UNIT_GONE
}
